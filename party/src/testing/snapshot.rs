//! All of a room that outlives its memory, as a value that can be kept.

use serde::{Deserialize, Serialize};

use super::{TestClient, TestRoom};
use crate::Server;
use crate::error::Result;
use crate::timestamp::Timestamp;

/// The stored data of a room and the attachments of its open connections, from [`TestRoom::snapshot`].
///
/// It can be written as JSON. Kept in the repository, a snapshot of each release shows that later builds read what that
/// release has left behind.
///
/// # Example
///
/// ```
/// use party::testing::{Snapshot, TestRoom};
/// use party::{Connection, Message, Props, Result, Room, Server};
/// # struct Counter;
/// # impl Server for Counter {
/// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
/// async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
///     let count = room.storage().get::<u32>("count")?.unwrap_or(0) + 1;
///     room.storage().put("count", &count)?;
///     from.send(count.to_string());
///     Ok(())
/// }
/// # }
///
/// let room = TestRoom::<Counter>::new("lobby");
/// let ada = room.connect("ada");
/// ada.send("one more");
/// assert_eq!(ada.receive_text(), "1");
/// let kept = serde_json::to_string(&room.snapshot()?)?;
///
/// let snapshot: Snapshot = serde_json::from_str(&kept)?;
/// let (room, clients) = TestRoom::<Counter>::from_snapshot("lobby", &snapshot)?;
/// clients[0].send("one more");
/// assert_eq!(clients[0].receive_text(), "2");
/// # drop(room);
/// # Ok::<(), party::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Snapshot {
    now: Timestamp,
    alarm: Option<Timestamp>,
    /// The statements that make the database.
    database: Vec<String>,
    connections: Vec<Kept>,
}

/// The data that the platform keeps of a connection.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Kept {
    pub(crate) tags: Vec<String>,
    pub(crate) attachment: String,
}

impl<S: Server> TestRoom<S> {
    /// Takes a snapshot: the time, the alarm, the database, and what is kept with each open connection.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database cannot be read.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// room.connect("ada").send("one more");
    /// let json = serde_json::to_string_pretty(&room.snapshot()?)?;
    /// assert!(json.contains("count"));
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn snapshot(&self) -> Result<Snapshot> {
        let room = &self.machine.room.durable;
        Ok(Snapshot {
            now: self.machine.now(),
            alarm: room.alarm.get(),
            database: room.database.dump()?,
            connections: room.network.borrow().kept(),
        })
    }

    /// Makes a room of a snapshot, and the clients of its connections in the order in which they came. The room is
    /// asleep.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database cannot be made.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// let (copy, clients) = TestRoom::<Counter>::from_snapshot("lobby", &room.snapshot()?)?;
    /// clients[0].send("one more");
    /// assert_eq!((copy.get("").text(), room.get("").text()), ("2".to_owned(), "1".to_owned()));
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn from_snapshot(name: &str, snapshot: &Snapshot) -> Result<(Self, Vec<TestClient>)> {
        // Another seed than the usual: random values must not come a second time.
        let room = Self::with_seed(name, snapshot.now.as_millis());
        room.machine.rooms.world.now.set(snapshot.now);
        room.restore(snapshot)?;
        let accept = |kept: &Kept| {
            let socket = room.machine.network().borrow_mut().restore(kept);
            TestClient::restored(room.machine.clone(), socket)
        };
        let clients = snapshot.connections.iter().map(accept).collect();
        Ok((room, clients))
    }

    /// Sets the database and the alarm back to a snapshot, as a point-in-time restore does. The platform ends the
    /// object for that (`ctx.abort()`): the room's memory is gone and every connection breaks. The time goes on.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database cannot be made.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// # let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// let before = room.snapshot()?;
    /// ada.send("one more");
    /// room.restore(&before)?;
    /// assert_eq!(room.get("").text(), "0");
    /// assert!(!ada.is_open(), "its client reconnects");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn restore(&self, snapshot: &Snapshot) -> Result<()> {
        self.crash();
        self.machine.room.durable.alarm.set(snapshot.alarm);
        self.machine.room.durable.database.load(&snapshot.database)
    }
}
