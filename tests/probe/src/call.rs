//! Calls between rooms.

use party::{ErrorKind, Result, Room};
use serde_json::{Value as Json, json};

use crate::worker::Question;

/// Calls the room whose name is that of this one with more at its end. Returns the answer, or what came instead.
pub(crate) async fn call(room: &Room, party: &str, to: &str, question: Question, back: bool) -> Result<Json> {
    let own = room.name().to_string();
    let other = room.stub(party, &format!("{own}{to}"))?;
    let question = if back { Question::Through(own, Box::new(question)) } else { question };
    Ok(match other.call(&question).await {
        Ok(sum) => json!({"answer": sum}),
        Err(error) if error.kind() == ErrorKind::Refused => {
            json!({"refused": error.status().as_u16(), "text": error.public_text()})
        }
        Err(error) => json!({"failed": format!("{:?}", error.kind())}),
    })
}
