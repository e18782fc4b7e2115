//! Buckets in a test.

use std::fmt;
use std::rc::Rc;

use super::TestRoom;
use super::rooms::Rooms;
use crate::Server;
use crate::platform::memory::MemoryBucket;

/// A bucket of a test room's worker.
///
/// # Example
///
/// ```
/// use party::testing::TestRoom;
/// use party::{Body, Error, Props, Request, Response, Result, Room, Server};
///
/// struct Album;
///
/// impl Server for Album {
///     async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
///         Ok(Self)
///     }
///
///     async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
///         let bucket = room.bucket("PICTURES").ok_or_else(|| Error::other("no bucket is bound"))?;
///         let picture = request.into_body().bytes().await?;
///         let size = picture.len() as u64;
///         bucket.put("ada.png", picture, size, "image/png").await?;
///         Ok(Response::new(Body::empty()))
///     }
/// }
///
/// let room = TestRoom::<Album>::new("holidays");
/// let bucket = room.bucket("PICTURES");
/// room.request(http::Request::post("/").body("pixels").unwrap());
/// assert_eq!(bucket.keys(), ["ada.png"]);
/// assert_eq!(bucket.content("ada.png").unwrap(), b"pixels");
/// ```
#[derive(Clone)]
pub struct TestBucket {
    bucket: MemoryBucket,
    /// The rooms that go on when the bucket answers.
    rooms: Rc<Rooms>,
}

impl<S: Server> TestRoom<S> {
    /// Binds a bucket, for [`Room::bucket`](crate::Room::bucket), unless it is bound already. It stays over evictions
    /// and crashes, and in a [`TestWorld`](super::TestWorld) all rooms have it.
    ///
    /// # Example
    ///
    /// See [`TestBucket`].
    pub fn bucket(&self, name: &str) -> TestBucket {
        let rooms = Rc::clone(&self.machine.rooms);
        let bucket = rooms.world.buckets.borrow_mut().entry(name.to_owned()).or_default().clone();
        TestBucket { bucket, rooms }
    }
}

impl TestBucket {
    /// Returns the keys of all objects, in their order.
    ///
    /// # Example
    ///
    /// See [`TestBucket`].
    pub fn keys(&self) -> Vec<String> {
        self.bucket.keys()
    }

    /// Returns the content of an object.
    ///
    /// # Example
    ///
    /// See [`TestBucket`].
    pub fn content(&self, key: &str) -> Option<Vec<u8>> {
        self.bucket.object(key).map(|(bytes, _)| bytes.to_vec())
    }

    /// Returns the `Content-Type` and the `Content-Disposition` of an object.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.bucket("PICTURES").labels("ada.png"), None);
    /// ```
    pub fn labels(&self, key: &str) -> Option<(String, String)> {
        self.bucket.object(key).map(|(_, labels)| (labels.media_type, labels.disposition))
    }

    /// Has all calls fail from now on, or succeed again.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// room.bucket("PICTURES").refuse(true);
    /// ```
    pub fn refuse(&self, refuses: bool) {
        self.bucket.refuse(refuses);
    }

    /// Has all calls wait from now on, or lets them go on: what a room does while an upload is under way.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let bucket = room.bucket("PICTURES");
    /// bucket.hold(true);
    /// // ... a request that stores something begins
    /// bucket.hold(false);
    /// ```
    pub fn hold(&self, holds: bool) {
        self.bucket.hold(holds);
        self.rooms.settle();
    }
}

impl fmt::Debug for TestBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestBucket").field("keys", &self.keys()).finish_non_exhaustive()
    }
}
