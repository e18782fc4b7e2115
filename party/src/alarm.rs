//! The one alarm of a room.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::error::Result;
use crate::platform::Platform;

/// The alarm of a room, from [`Room::alarm`](crate::Room::alarm): one moment at which
/// [`Server::on_alarm`](crate::Server::on_alarm) is called, also if the room sleeps.
///
/// A room has one alarm; setting it again moves it. It is stored, and so survives restarts. It is called at least
/// once, not before its moment, usually within milliseconds of it
/// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)).
///
/// # Example
///
/// ```
/// # use std::time::Duration;
/// # use party::{Connection, Message, Props, Result, Room, Server};
/// # struct Poll;
/// # impl Server for Poll {
/// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
/// async fn on_message(&self, room: &Room, _from: &Connection, _message: Message) -> Result<()> {
///     room.alarm().set_after(Duration::from_secs(60)).await
/// }
///
/// async fn on_alarm(&self, room: &Room) -> Result<()> {
///     room.broadcast("the poll is closed").send();
///     Ok(())
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Alarm(Rc<dyn Platform>);

impl Alarm {
    pub(crate) fn new(platform: Rc<dyn Platform>) -> Self {
        Self(platform)
    }

    /// Sets the alarm to `delay` from now.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    pub async fn set_after(&self, delay: Duration) -> Result<()> {
        let delay = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.set_at(self.0.now().saturating_add(delay)).await
    }

    /// Sets the alarm to a moment, in milliseconds since the Unix epoch, the unit of [`Room::now`](crate::Room::now).
    /// A moment in the past is at once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    pub async fn set_at(&self, millis: u64) -> Result<()> {
        self.0.set_alarm(Some(millis)).await
    }

    /// When the alarm is due, in milliseconds since the Unix epoch; `None` if none is set. While `on_alarm` runs, the
    /// alarm that caused it is set no more.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    pub async fn due(&self) -> Result<Option<u64>> {
        self.0.alarm().await
    }

    /// Takes the alarm back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the platform refuses.
    pub async fn clear(&self) -> Result<()> {
        self.0.set_alarm(None).await
    }
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alarm")
    }
}
