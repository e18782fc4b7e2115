//! Another room of the worker, as a room calls it.

use std::fmt;
use std::rc::Rc;

use super::Room;
use crate::error::Result;
use crate::host::errand::Kind;
use crate::name::RoomName;
use crate::platform::{self, Address, Platform};
use crate::router::call::{self, Call};

/// Another room of the worker, as a hook calls it, from [`Room::stub`].
///
/// It is only an address: the room starts when it is called. Keep it as long as you like in one activation of the
/// calling room; it costs nothing to make another.
///
/// # Example
///
/// ```
/// # use party::{Call, Error, Result, Room};
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Seats;
///
/// impl Call for Seats {
///     type Reply = u32;
/// }
///
/// /// Returns the seats of all halls, as far as they answer.
/// async fn seats(room: &Room) -> Result<u32> {
///     let mut sum = 0_u32;
///     for hall in ["red", "blue"] {
///         match room.stub("hall", hall)?.call(&Seats).await {
///             Ok(seats) => sum = sum.saturating_add(seats),
///             Err(error) => room.log(&format!("the hall {hall} does not answer: {error}")),
///         }
///     }
///     Ok(sum)
/// }
/// ```
#[derive(Clone)]
pub struct RoomStub {
    platform: Rc<dyn Platform>,
    party: String,
    name: RoomName,
}

impl Room {
    /// Returns a room of any party of this worker, to be called by a hook of this one. Nothing is sent yet.
    ///
    /// The worker itself calls rooms by [`server_by_name`](crate::server_by_name). In tests, the rooms of a
    /// `TestWorld` call each other.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a name that no room can have.
    ///
    /// # Example
    ///
    /// ```
    /// use party::testing::TestWorld;
    /// use party::{Call, Connection, Message, Props, RemoteCall, Reply, Result, Room, Server};
    ///
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Won(String);
    ///
    /// impl Call for Won {
    ///     type Reply = u32; // how often the player has won by now
    /// }
    ///
    /// struct Game;
    ///
    /// impl Server for Game {
    /// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    ///     async fn on_message(&self, room: &Room, from: &Connection, _message: Message) -> Result<()> {
    ///         let scores = room.stub("scores", "all")?;
    ///         from.send_json(&scores.call(&Won(from.id().to_string())).await?)
    ///     }
    /// }
    ///
    /// struct Scores;
    ///
    /// impl Server for Scores {
    /// #   async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    ///     async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
    ///         call.answer(async |Won(player)| {
    ///             let wins = room.storage().get::<u32>(&player)?.unwrap_or(0) + 1;
    ///             room.storage().put(&player, &wins)?;
    ///             Ok(wins)
    ///         })
    ///         .await
    ///     }
    /// }
    ///
    /// let world = TestWorld::new().party::<Game>("game").party::<Scores>("scores");
    /// let ada = world.room::<Game>("game", "final").connect("ada");
    /// ada.send("I have won");
    /// assert_eq!(ada.receive_text(), "1");
    /// ```
    pub fn stub(&self, party: &str, name: &str) -> Result<RoomStub> {
        let (platform, name) = (Rc::clone(&self.0.platform), RoomName::new(name)?);
        Ok(RoomStub { platform, party: party.to_owned(), name })
    }
}

impl RoomStub {
    /// Returns the room's name.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// assert_eq!(room.stub("scores", "all")?.name().as_str(), "all");
    /// # Ok(()) });
    /// ```
    pub fn name(&self) -> &RoomName {
        &self.name
    }

    /// Asks the room and returns its answer, see [`Server::on_call`](crate::Server::on_call).
    ///
    /// Other events of the calling room run while it waits. A room may call itself, and it may be called back by the
    /// room that it calls. But in [`on_start`](crate::Server::on_start) a call that comes back to the room waits until
    /// the room has started, so it waits forever.
    ///
    /// A call is never repeated by itself. After [`ErrorKind::Platform`](crate::ErrorKind::Platform) nobody can tell
    /// whether the room has done what it was asked for: the call may be lost, or only its answer. To be safe, give the
    /// call an id of its own, let the room that is called remember it, and repeat the call from a
    /// [job](crate::parts::jobs) until it is answered. What the caller keeps in memory may be lost while it waits.
    ///
    /// The room is one of the same [jurisdiction](crate::Router::jurisdiction): one of another, or without any, is
    /// another room of the same name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused) when the room refuses, with its status and text;
    /// [`ErrorKind::Other`](crate::ErrorKind::Other) when it fails;
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when it cannot be reached, or is reset before it has
    /// answered; [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) when the worker has no such party;
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when call or answer do not fit.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Call, ErrorKind, Result, Room};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Transfer { id: String, coins: u32 }
    ///
    /// impl Call for Transfer {
    ///     type Reply = ();
    /// }
    ///
    /// /// Returns whether the transfer is done; else it must be tried again, with the same id.
    /// async fn transfer(room: &Room, to: &str, id: &str, coins: u32) -> Result<bool> {
    ///     match room.stub("bank", to)?.call(&Transfer { id: id.to_owned(), coins }).await {
    ///         Ok(()) => Ok(true),
    ///         Err(error) if error.kind() == ErrorKind::Platform => Ok(false),
    ///         Err(error) => Err(error),
    ///     }
    /// }
    /// ```
    pub async fn call<C: Call>(&self, call: &C) -> Result<C::Reply> {
        let to = Address { party: self.party.clone(), object: self.name.to_string() };
        let (status, text) = platform::call(&*self.platform, to, Kind::Call, call::question(call)?).await?;
        call::answer::<C>(status, text)
    }
}

impl fmt::Debug for RoomStub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoomStub")
            .field("party", &self.party)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
