//! The trait of a room's behaviour: one hook for each kind of event.

use http::StatusCode;

use crate::connection::{Connection, ConnectionContext};
use crate::error::{Error, Result};
use crate::message::Message;
use crate::name::Tag;
use crate::observe::Observation;
use crate::room::Room;
use crate::room::props::Props;
use crate::router::call::{RemoteCall, Reply};
use crate::{Close, Request, Response, response};

/// The behaviour of a room: a hook for each kind of event.
///
/// Implement it for a struct with [`#[party]`](macro@crate::party). Every hook but [`on_start`](Self::on_start) has a
/// default that does nothing, or refuses politely.
///
/// # The life of a room
///
/// ```text
/// first event ── on_start ──┬─ upgrade ── connection_tags ── on_connect ── on_message* ── on_close
///                           ├─ request ── on_request
///                           └─ alarm ──── on_alarm
/// ```
///
/// A room is in memory only while something happens. After some seconds without events it sleeps: the struct is
/// dropped, the connections stay. The next event starts it again. The time from a start to the next sleep is an
/// *activation*. **So the struct is a cache**: store data that must survive in [SQL](Room::sql) or in a [connection's
/// state](Connection::set_state), before you acknowledge or send it.
///
/// # Hooks interleave
///
/// Hooks get `&self`, and while one awaits, another may run. State is kept in [`Cell`](std::cell::Cell) or
/// [`RefCell`](std::cell::RefCell) and never borrowed across an await.
///
/// # Never panic
///
/// All rooms of a worker that share a machine share one memory, and a panic anywhere resets it: every room there loses
/// its struct and all work in progress. Return an error instead.
///
/// # Example
///
/// A room that counts its messages, also over restarts:
///
/// ```
/// use party::{Connection, Message, Props, Result, Room, Server, party};
///
/// #[party]
/// pub struct Counter;
///
/// impl Server for Counter {
///     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
///         room.sql().migrate(&["CREATE TABLE said (n INTEGER)", "INSERT INTO said VALUES (0)"])?;
///         Ok(Self)
///     }
///
///     async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
///         let (said,): (u32,) = room.sql().query_one("UPDATE said SET n = n + 1 RETURNING n", ())?;
///         room.broadcast_json(&said)?.send();
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a party, but does not say what its rooms do",
    label = "`impl party::Server for {Self}` is missing",
    note = "the least it needs is `async fn on_start(room: &Room, props: Props) -> Result<Self>`"
)]
#[expect(async_fn_in_trait, reason = "a room lives on one thread, its futures need not be Send")]
#[expect(unused_variables, reason = "the defaults name their parameters for the reader")]
pub trait Server: Sized + 'static {
    /// The largest message of a client, in bytes.
    ///
    /// 1 MiB by default. The platform accepts [up to 32
    /// MiB](https://developers.cloudflare.com/durable-objects/platform/limits/), of the 128 MB of memory that all rooms
    /// on one machine share. A larger message closes its connection with 1009. A text of more UTF-16 code units than
    /// this, and a larger binary message, never get into the worker's memory. A text of fewer units whose UTF-8 is
    /// larger, up to three times, does for a moment.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Canvas;
    /// impl Server for Canvas {
    ///     const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
    /// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    ///     // ...
    /// }
    /// ```
    const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

    /// Whether the room is [observed](Self::observe). By default it is not, and has no code for it.
    const OBSERVES: bool = false;

    /// Makes the room.
    ///
    /// **When:** before the first event of an activation is handled, also when a sleeping room wakes. Events that
    /// arrive meanwhile wait; none is handled before it has succeeded. **Then:** the database and the connections are
    /// available. **An error** fails the event that started the room and those that waited with it (a request with 500,
    /// a connection with close code 1011) and is logged; the next event tries again. **Not called** again while the
    /// room is in memory.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Props, Result, Room, Server};
    /// # struct Chat;
    /// # impl Server for Chat {
    /// async fn on_start(room: &Room, props: Props) -> Result<Self> {
    ///     room.sql().migrate(&["CREATE TABLE messages (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)"])?;
    ///     Ok(Self)
    /// }
    /// # }
    /// ```
    async fn on_start(room: &Room, props: Props) -> Result<Self>;

    /// Chooses a connection's tags.
    ///
    /// **When:** a client asks to connect, before it is accepted. **Then:** the connection cannot be sent to yet; its
    /// state can be set. Nothing is awaited between this hook and the acceptance. **Default:** no tags but the id,
    /// which every connection has. **An error** refuses the connection: one made by [`Error::refuse`] with its status;
    /// another, such as more than ten tags, is logged and the client gets an error frame and close code 1011. **Not
    /// called** when a sleeping room wakes: tags are kept.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{http::StatusCode, *};
    /// # struct Game;
    /// # impl Server for Game {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn connection_tags(&self, _room: &Room, _who: &Connection, context: &ConnectionContext) -> Result<Vec<Tag>> {
    ///     let Some(team) = context.query("team") else {
    ///         return Err(Error::refuse(StatusCode::BAD_REQUEST, "choose a team"));
    ///     };
    ///     Ok(vec![Tag::new(&team)?])
    /// }
    /// # }
    /// ```
    async fn connection_tags(
        &self,
        room: &Room,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        Ok(Vec::new())
    }

    /// Handles a new connection.
    ///
    /// **When:** the connection has been accepted. **Then:** it can be sent to and is among [`Room::connections`];
    /// messages of its client wait until this hook has returned. An older connection with the same id is replaced when
    /// this hook has succeeded, and stays open until then. **Default:** nothing. **An error** made by [`Error::refuse`]
    /// refuses the upgrade with its status; another closes the connection with 1011 after an error frame, and is
    /// logged. **Not called** when a sleeping room wakes.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Chat;
    /// # impl Server for Chat {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, room: &Room, connection: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     connection.send_json(&room.connections().len())
    /// }
    /// # }
    /// ```
    async fn on_connect(
        &self,
        room: &Room,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<()> {
        Ok(())
    }

    /// Handles a message.
    ///
    /// **When:** a client has sent a text or binary frame. **Then:** its `on_connect` has returned. Messages of one
    /// client arrive in their order, but a hook that awaits may be overtaken. **Default:** nothing. **An error** goes
    /// to [`on_message_error`](Self::on_message_error); the connection stays. **Not called** for a connection whose
    /// `on_connect` failed, or after the room has closed the connection, even if its client keeps sending, or for a
    /// message of more than [`MAX_MESSAGE_BYTES`](Self::MAX_MESSAGE_BYTES), after which the connection is closed with
    /// [`CloseCode::TOO_LARGE`](crate::CloseCode::TOO_LARGE).
    ///
    /// **Security:** a client can send any message. Check it before it is stored or sent on.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Canvas;
    /// # impl Server for Canvas {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
    ///     let point: (f64, f64) = message.read_json()?;
    ///     room.broadcast_json(&point)?.except(from).send();
    ///     Ok(())
    /// }
    /// # }
    /// ```
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        Ok(())
    }

    /// Answers a message that failed.
    ///
    /// **When:** [`on_message`](Self::on_message) returned an error. **Then:** an error that was not made for clients
    /// has been logged. **Default:** [`Connection::send_error`]: the sender gets the [error frame](crate::ErrorFrame),
    /// and is closed if the error [says so](Error::closing). **An error** is logged. **Not called** when another hook
    /// fails.
    ///
    /// # Example
    ///
    /// A room that closes connections that send nonsense:
    ///
    /// ```
    /// # use party::*;
    /// # struct Strict;
    /// # impl Server for Strict {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_message_error(&self, _room: &Room, from: &Connection, error: &Error) -> Result<()> {
    ///     from.close(CloseCode::POLICY, error.public_text());
    ///     Ok(())
    /// }
    /// # }
    /// ```
    async fn on_message_error(&self, room: &Room, from: &Connection, error: &Error) -> Result<()> {
        from.send_error(error);
        Ok(())
    }

    /// Handles the end of a connection.
    ///
    /// **When:** a connection was closed, by its client or by the room, or is lost. For a close by the room it is
    /// called at once, with the room's code and reason, whether the client answers or not. **Then:** the connection is
    /// not among [`Room::connections`] any more, its id, tags and state can still be read. The framework completes the
    /// close handshake in any case. **Default:** nothing. **An error** is logged. **Not called** for a connection whose
    /// `on_connect` failed, or when a whole machine is lost, so do not rely on it to count connections.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Chat;
    /// # impl Server for Chat {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_close(&self, room: &Room, connection: &Connection, _close: Close) -> Result<()> {
    ///     if let Some(name) = connection.state::<String>()? {
    ///         room.broadcast_json(&("left", name))?.send();
    ///     }
    ///     Ok(())
    /// }
    /// # }
    /// ```
    async fn on_close(&self, room: &Room, connection: &Connection, close: Close) -> Result<()> {
        Ok(())
    }

    /// Handles a failed connection.
    ///
    /// **When:** the platform reports an error on a socket. **Then:** the connection is lost;
    /// [`on_close`](Self::on_close) follows with code 1006. **Default:** nothing; a line is logged that is not an
    /// error. **An error** is logged. **Not called** for the loss of a connection that is closing or closed already.
    ///
    /// It is for the log and for counters: everything that must happen when a connection ends belongs in `on_close`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Chat;
    /// # impl Server for Chat {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_error(&self, room: &Room, connection: &Connection, error: Error) -> Result<()> {
    ///     room.log(&format!("the connection {} has failed: {error}", connection.id()));
    ///     Ok(())
    /// }
    /// # }
    /// # let room = party::testing::TestRoom::<Chat>::new("lobby");
    /// # room.connect("ada").fail("a frame is not valid");
    /// # assert!(room.log().iter().any(|line| line.contains("ada has failed")));
    /// ```
    async fn on_error(&self, room: &Room, connection: &Connection, error: Error) -> Result<()> {
        Ok(())
    }

    /// Answers an HTTP request to the room's address.
    ///
    /// **When:** the room receives a request that is not a WebSocket upgrade. **Default:** 404 `Not implemented`. **An
    /// error** made by [`Error::refuse`] is answered with its status and text; another with 500 and a line in the log.
    /// **Not called** for upgrades.
    ///
    /// **Security:** a client can send any request.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Chat;
    /// # impl Server for Chat {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_request(&self, room: &Room, _request: Request) -> Result<Response> {
    ///     Ok(Response::new(Body::json(&room.connections().len())?))
    /// }
    /// # }
    /// ```
    async fn on_request(&self, room: &Room, request: Request) -> Result<Response> {
        Ok(response(StatusCode::NOT_FOUND, "Not implemented"))
    }

    /// Answers a remote call.
    ///
    /// **When:** a worker asks through [`Stub::call`](crate::Stub::call), or another room through
    /// [`RoomStub::call`](crate::RoomStub::call). **Then:** the room has started. **Default:** the call is refused with
    /// 501. **An error** made by [`Error::refuse`] reaches the caller with its status and text; for any other error the
    /// caller receives only that the room failed, and the log has the rest. **Not called** for clients whose requests
    /// come through [`Router`](crate::Router) or [`Stub::fetch`](crate::Stub::fetch), which remove the framework's
    /// headers from them.
    ///
    /// **Security:** a worker that forwards a client's request to the object by itself forwards those headers, too.
    /// Then anybody can call.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # struct Chat;
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct HowMany;
    /// # impl Call for HowMany { type Reply = usize; }
    /// # impl Server for Chat {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
    ///     call.answer(async |_: HowMany| Ok(room.connections().len())).await
    /// }
    /// # }
    /// ```
    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        Err(Error::refuse(StatusCode::NOT_IMPLEMENTED, "this party answers no calls"))
    }

    /// Handles a call between the objects of a large room, see
    /// [`Settings::relays`](crate::channel::Settings::relays). A room with a channel hands it to
    /// [`Channel::relayed`](crate::channel::Channel::relayed).
    ///
    /// **When:** another object of this room calls; no client, worker or other room can. **Default:** a refusal.
    /// **An error** is the answer to the caller, which tries again. **Not called** in a room without relays.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # use party::channel::{Channel, Rules};
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules + Default> Server for Lobby<R> {
    /// # async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    /// #     Ok(Self { channel: Channel::open(room, R::default())? })
    /// # }
    /// async fn on_relay(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
    ///     self.channel.relayed(call).await
    /// }
    /// # }
    /// ```
    async fn on_relay(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        Err(Error::refuse(StatusCode::NOT_IMPLEMENTED, "this party has no relays"))
    }

    /// Handles the room's [alarm](Room::alarm).
    ///
    /// **When:** the alarm is due, also if the room sleeps. **Default:** nothing. **An error** is logged and passed to
    /// the platform, which tries again up to six times, first after two seconds, then with growing pauses
    /// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)). An alarm for which the room cannot
    /// start fires again every few minutes until the room starts. **Not called** before its time, but perhaps more than
    /// once: the hook must be repeatable.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::*;
    /// # use party::testing::TestRoom;
    /// # struct Poll;
    /// # impl Server for Poll {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// # async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
    /// #     room.alarm().set_after(Duration::from_secs(60))
    /// # }
    /// async fn on_alarm(&self, room: &Room) -> Result<()> {
    ///     room.storage().put("closed", &true)?;
    ///     room.broadcast("the poll is closed").send();
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Poll>::new("lunch");
    /// let ada = room.connect("ada");
    /// ada.send("begin");
    /// room.advance(Duration::from_secs(60));
    /// assert_eq!(ada.receive_text(), "the poll is closed");
    /// ```
    async fn on_alarm(&self, room: &Room) -> Result<()> {
        Ok(())
    }

    /// Observes a hook that has returned, for metrics and traces.
    ///
    /// **When:** a hook has returned, if [`OBSERVES`](Self::OBSERVES) is `true`. **Default:** nothing. **Not called**
    /// for an `on_start` that failed, since there is no room then, and not for frames that the platform answers itself
    /// (heartbeats).
    ///
    /// It runs before the next event: give slow work to [`Room::wait_until`].
    ///
    /// # Example
    ///
    /// Slow hooks become lines in the log, and rows are written to [Analytics
    /// Engine](https://developers.cloudflare.com/analytics/analytics-engine/) or to any other service in the same way:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::*;
    /// use party::observe::Observation;
    /// # struct Board;
    /// # impl Server for Board {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// const OBSERVES: bool = true;
    ///
    /// fn observe(&self, room: &Room, done: &Observation<'_>) {
    ///     if done.duration > Duration::from_millis(200) {
    ///         room.log(&format!("{} took {:?}, rows {}", done.hook.as_str(), done.duration, done.rows_read));
    ///     }
    /// }
    /// # }
    /// ```
    fn observe(&self, room: &Room, done: &Observation<'_>) {}
}
