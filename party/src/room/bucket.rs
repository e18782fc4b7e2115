//! Buckets: objects outside of the room, for what is too large for its database.

use std::fmt;
use std::rc::Rc;

use super::Room;
use crate::body::Body;
use crate::error::Result;
use crate::platform::{self, Labels};

/// A bucket of the worker (Cloudflare R2): objects of any size by their keys, outside of the room's database.
///
/// Calls go over the network. They are not part of the room's transactions, and other events of the room run while they
/// are awaited. A room that keeps objects writes down in its database which ones, before it stores them and until it
/// has deleted them: [`parts::files`](crate::parts::files) does this.
///
/// # Limits
///
/// A key has at most 1,024 bytes. R2 takes one write a second of the same key, and objects of up to 4.995 GiB at once
/// ([limits](https://developers.cloudflare.com/r2/platform/limits/)).
#[derive(Clone)]
pub struct Bucket(Rc<dyn platform::Bucket>);

/// An object of a [`Bucket`].
#[derive(Debug)]
pub struct Object {
    /// Its content.
    pub body: Body,
    /// Its size in bytes.
    pub size: u64,
    /// Its `Content-Type`; empty if it was stored without one.
    pub media_type: String,
}

impl Room {
    /// Returns the bucket that is bound under this name in `wrangler.toml`, or `None`. In tests, `TestRoom::bucket`
    /// binds one.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// async fn store(room: &Room, picture: Vec<u8>) -> Result<()> {
    ///     let Some(bucket) = room.bucket("PICTURES") else { return Ok(()) };
    ///     let size = picture.len() as u64;
    ///     bucket.put("ada.png", picture, size, "image/png").await
    /// }
    /// ```
    ///
    /// ```toml
    /// [[r2_buckets]]
    /// binding = "PICTURES"
    /// bucket_name = "pictures"
    /// ```
    pub fn bucket(&self, name: &str) -> Option<Bucket> {
        platform::bucket(self.platform(), name).map(Bucket)
    }
}

impl Bucket {
    /// Stores an object of `size` bytes, in place of the one that has its key. The body is streamed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the bucket cannot be reached, when the body breaks off,
    /// or when it has another size; then nothing is stored.
    ///
    /// # Example
    ///
    /// See [`Room::bucket`].
    pub async fn put(&self, key: &str, body: impl Into<Body>, size: u64, media_type: &str) -> Result<()> {
        let labels = Labels { media_type: media_type.to_owned(), disposition: String::new() };
        self.put_labelled(key, body.into(), size, &labels).await
    }

    /// Stores an object with its labels.
    pub(crate) async fn put_labelled(&self, key: &str, body: Body, size: u64, labels: &Labels) -> Result<()> {
        self.0.put(key, body, size, labels).await
    }

    /// Returns an object, or `None`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the bucket cannot be reached.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Result, Room};
    /// async fn picture(room: &Room) -> Result<Vec<u8>> {
    ///     let Some(bucket) = room.bucket("PICTURES") else { return Ok(Vec::new()) };
    ///     match bucket.get("ada.png").await? {
    ///         Some(object) => Ok(object.body.bytes().await?.to_vec()),
    ///         None => Ok(Vec::new()),
    ///     }
    /// }
    /// ```
    pub async fn get(&self, key: &str) -> Result<Option<Object>> {
        let found = self.0.get(key).await?;
        Ok(found.map(|(body, size, labels)| Object { body, size, media_type: labels.media_type }))
    }

    /// Deletes objects. Keys that have none are no error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) for more than 1,000 keys, and when the bucket cannot be
    /// reached.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Bucket, Result};
    /// async fn forget(bucket: &Bucket, member: &str) -> Result<()> {
    ///     bucket.delete(&[format!("{member}.png"), format!("{member}-small.png")]).await
    /// }
    /// ```
    pub async fn delete(&self, keys: &[String]) -> Result<()> {
        self.0.delete(keys).await
    }

    /// Returns the first keys that begin with `prefix`, in their order, at most 1,000. None are left when it returns an
    /// empty list.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the bucket cannot be reached.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Bucket, Result};
    /// async fn empty(bucket: &Bucket, folder: &str) -> Result<()> {
    ///     loop {
    ///         let keys = bucket.list(folder).await?;
    ///         if keys.is_empty() {
    ///             return Ok(());
    ///         }
    ///         bucket.delete(&keys).await?;
    ///     }
    /// }
    /// ```
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        self.0.list(prefix).await
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").finish_non_exhaustive()
    }
}
