//! Commands for the bucket.

use party::{Error, Result, Room};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// The binding's name.
const BUCKET: &str = "BUCKET";

/// What is done with the bucket.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Call {
    /// Stores a text as an object.
    Put {
        key: String,
        text: String,
        /// The size that is given, if it is not that of the text.
        size: Option<u64>,
        /// How often the key is written one after the other.
        #[serde(default = "once")]
        times: usize,
    },
    Get {
        key: String,
    },
    Delete {
        keys: Vec<String>,
    },
    /// Returns the keys that begin so.
    List {
        prefix: String,
    },
}

fn once() -> usize {
    1
}

/// Calls the bucket.
pub(crate) async fn call(room: &Room, call: Call) -> Result<Json> {
    let bucket = room.bucket(BUCKET).ok_or_else(|| Error::other("no bucket is bound"))?;
    Ok(match call {
        Call::Put { key, text, size, times } => {
            let size = size.unwrap_or(text.len() as u64);
            json!(bucket.put(&key.repeat(times), text, size, "text/plain").await.map(|()| "put")?)
        }
        Call::Get { key } => match bucket.get(&key).await? {
            Some(object) => {
                let (size, media_type) = (object.size, object.media_type);
                json!({"text": object.body.text().await?, "size": size, "type": media_type})
            }
            None => Json::Null,
        },
        Call::Delete { keys } => json!(bucket.delete(&keys).await.map(|()| "deleted")?),
        Call::List { prefix } => json!(bucket.list(&prefix).await?),
    })
}
