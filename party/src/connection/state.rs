//! The app's own state of a connection, and the data that the room's parts keep with it.

use std::any::Any;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Connection;
use super::attachment::Shares;
use crate::error::{Error, ErrorKind, Result};

impl Connection {
    /// Returns the app's own state of the connection, `None` before any was set. It survives while the room sleeps.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the state has another shape, as after a deploy that changed `T`. If a hook returns this
    /// error for a state that was kept before the room slept, then every connection whose state is not a `T` is closed
    /// with [`CloseCode::RESTART`](crate::CloseCode::RESTART): its client reconnects at once, and is admitted by the
    /// build that runs. To read the states of an earlier build instead, give new fields a default
    /// (`#[serde(default)]`).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Connection, Result};
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// struct Player { name: String, moves: u32 }
    ///
    /// fn count_move(connection: &Connection) -> Result<u32> {
    ///     let Some(mut player) = connection.state::<Player>()? else { return Ok(0) };
    ///     player.moves += 1;
    ///     connection.set_state(&player)?;
    ///     Ok(player.moves)
    /// }
    /// ```
    pub fn state<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        let state = self.0.state.borrow();
        state.as_deref().map(|json| serde_json::from_str(json.get())).transpose().map_err(|error| {
            let text = "the connection's state has another shape than was asked for";
            let error = Error::caused(ErrorKind::Json, text, error);
            match self.0.is_state_old.get() {
                true => error.of_old_state(|json| serde_json::from_str::<T>(json).is_ok()),
                false => error,
            }
        })
    }

    /// Stores the app's state with the connection, in place of the old one. The state of a closed connection can still
    /// be read, in this activation.
    ///
    /// It is stored as JSON of at most 16 KiB together with the connection's id, address, and the data of the room's
    /// parts. It is lost when the connection ends: data that must outlive it belongs in the room's
    /// [database](crate::Room::sql).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] when it does not fit, [`ErrorKind::Json`] when it cannot be written as JSON; the old
    /// state stays then.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// ada.set_state(&("red", 3))?;
    /// assert_eq!(ada.state()?, Some(("red".to_owned(), 3)));
    /// # Ok(()) });
    /// ```
    pub fn set_state<T: Serialize + ?Sized>(&self, state: &T) -> Result<()> {
        let state = serde_json::value::to_raw_value(state)
            .map_err(|error| Error::caused(ErrorKind::Json, "the state cannot be written as JSON", error))?;
        // Cloned before: a borrow for an argument lasts until the call returns.
        let parts = self.0.parts.borrow().clone();
        self.keep(Some(state), parts)?;
        self.0.is_state_old.set(false);
        Ok(())
    }

    /// Replaces the state with `change(old)`.
    ///
    /// # Errors
    ///
    /// As [`state`](Self::state) and [`set_state`](Self::set_state).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |_room, ada| {
    /// let one_more = |points: Option<u32>| points.unwrap_or(0) + 1;
    /// ada.update_state(one_more)?;
    /// ada.update_state(one_more)?;
    /// assert_eq!(ada.state::<u32>()?, Some(2));
    /// # Ok(()) });
    /// ```
    pub fn update_state<T: Serialize + DeserializeOwned>(
        &self,
        change: impl FnOnce(Option<T>) -> T,
    ) -> Result<()> {
        self.set_state(&change(self.state()?))
    }

    /// Returns the data that a part keeps with the connection. If another build has kept data of another shape, the
    /// connection is closed, see [`is_unreadable`](Self::is_unreadable).
    pub(crate) fn share<T: DeserializeOwned + 'static>(&self, part: &'static str) -> Result<Option<Rc<T>>> {
        self.cached(part, || {
            let share = self.0.parts.borrow().get(part).map(|json| serde_json::from_str(json.get()));
            share.transpose().or_else(|error| {
                let text = "what a part keeps with the connection has another shape";
                self.is_unreadable(Error::caused(ErrorKind::Json, text, error))
            })
        })
    }

    /// Stores data of a part with the connection, in place of the old data. Equal data costs nothing.
    pub(crate) fn set_share<T: Serialize + 'static>(&self, part: &'static str, share: T) -> Result<()> {
        let json = serde_json::value::to_raw_value(&share).map_err(|error| {
            Error::caused(ErrorKind::Json, "what a part keeps cannot be written as JSON", error)
        })?;
        if self.0.parts.borrow().get(part).is_some_and(|kept| kept.get() == json.get()) {
            return Ok(());
        }
        let (state, mut parts) = (self.0.state.borrow().clone(), self.0.parts.borrow().clone());
        parts.insert(part, json);
        self.keep(state, parts)?;
        self.forget_read(part);
        self.0.read.borrow_mut().push((part, Rc::new(share)));
        Ok(())
    }

    /// Keeps nothing of a part's any more.
    pub(crate) fn remove_share(&self, part: &'static str) -> Result<()> {
        let (state, mut parts) = (self.0.state.borrow().clone(), self.0.parts.borrow().clone());
        if parts.remove(part) {
            self.keep(state, parts)?;
        }
        self.forget_read(part);
        Ok(())
    }

    /// Returns the value that `load` makes of the kept data. It is made once, and again after
    /// [`forget_read`](Self::forget_read).
    pub(crate) fn cached<T: 'static>(
        &self,
        key: &'static str,
        load: impl FnOnce() -> Result<Option<T>>,
    ) -> Result<Option<Rc<T>>> {
        let known =
            self.0.read.borrow().iter().find(|(name, _)| *name == key).map(|(_, value)| Rc::clone(value));
        if let Some(Ok(value)) = known.map(Rc::downcast::<T>) {
            return Ok(Some(value));
        }
        let Some(value) = load()? else { return Ok(None) };
        let value = Rc::new(value);
        self.0.read.borrow_mut().push((key, Rc::clone(&value) as Rc<dyn Any>));
        Ok(Some(value))
    }

    pub(crate) fn forget_read(&self, part: &'static str) {
        self.0.read.borrow_mut().retain(|(name, _)| *name != part);
    }

    /// Keeps state and parts with the socket, and only then here.
    fn keep(&self, state: Option<Box<RawValue>>, parts: Shares) -> Result<()> {
        let attachment = self.attachment(state, parts);
        let bytes = attachment.encode()?;
        if let Some(socket) = self.0.socket.get() {
            match self.0.platform.attach(socket, &bytes) {
                // A hook may go on when its connection is gone, as with sending. Nothing has to outlast what will never
                // wake the room again.
                Err(error) if error.kind() == ErrorKind::Closed => {}
                kept => kept?,
            }
        }
        self.0.state.replace(attachment.state);
        self.0.parts.replace(attachment.parts);
        Ok(())
    }
}
