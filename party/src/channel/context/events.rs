//! What a rule sends, after the commit.

use serde::Serialize;

use super::{Context, Event};
use crate::MemberId;
use crate::channel::Rules;
use crate::error::Result;
use crate::parts::wire::Json;

impl<R: Rules> Context<'_, R> {
    /// Sends the member's [own state](Rules::own) to its clients, after the commit.
    ///
    /// Call it in a rule that has changed the state. Nothing is sent if the rule fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Json;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { command:
    /// # type Command = u32;
    /// fn command(&self, by: &Context<'_, Self>, points: u32) -> Result<Effect<String>> {
    ///     by.room().storage().put(by.member(), &points)?;
    ///     by.update_own();
    ///     Ok(Effect::None)
    /// }
    ///
    /// fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
    ///     by.room().storage().get(by.member())
    /// }
    /// # }
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.command(7);
    /// # ada.read();
    /// # assert_eq!(ada.own.unwrap().as_str(), "7");
    /// ```
    pub fn update_own(&self) {
        self.own_changed.set(true);
    }

    /// Sends the [state of the room](Rules::shared) to everyone, after the commit.
    ///
    /// Call it in a rule that has changed the state. Nothing is sent if the rule fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::parts::wire::Json;
    /// # use party::{Result, Room};
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { command:
    /// # type Command = String;
    /// fn command(&self, by: &Context<'_, Self>, topic: String) -> Result<Effect<String>> {
    ///     by.room().storage().put("topic", &topic)?;
    ///     by.update_shared();
    ///     Ok(Effect::None)
    /// }
    ///
    /// fn shared(&self, room: &Room) -> Result<Option<Json>> {
    ///     room.storage().get("topic")
    /// }
    /// # }
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.command("the weather".to_owned());
    /// # ada.read();
    /// # assert_eq!(ada.shared.unwrap().as_str(), r#""the weather""#);
    /// ```
    pub fn update_shared(&self) {
        self.shared_changed.set(true);
    }

    /// Sends an event of the app to everyone, after the commit. It is not stored: a client that is away misses it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the data cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::Result;
    /// # use party::testing::{TestMember, TestRoom};
    /// # party::example_rules! { command:
    /// # type Command = u32;
    /// fn command(&self, by: &Context<'_, Self>, roll: u32) -> Result<Effect<String>> {
    ///     by.send_event(&("rolled", by.member(), roll.clamp(1, 6)))?;
    ///     Ok(Effect::None)
    /// }
    /// # }
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// # ada.join(&room);
    /// # ada.command(7);
    /// # ada.read();
    /// # assert!(ada.events[0].as_str().starts_with(r#"["rolled","#));
    /// ```
    pub fn send_event<T: Serialize + ?Sized>(&self, data: &T) -> Result<()> {
        self.events.borrow_mut().push(Event { data: Json::of(data)?, to: None });
        Ok(())
    }

    /// Sends an event of the app's own to the clients of one member, see [`send_event`](Self::send_event).
    ///
    /// # Errors
    ///
    /// As [`send_event`](Self::send_event).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::{MemberId, Result};
    /// # party::example_rules! { command:
    /// # type Command = MemberId;
    /// fn command(&self, by: &Context<'_, Self>, to: MemberId) -> Result<Effect<String>> {
    ///     by.send_event_to(&to, &("wave", by.member()))?;
    ///     Ok(Effect::None)
    /// }
    /// # }
    /// ```
    pub fn send_event_to<T: Serialize + ?Sized>(&self, member: &MemberId, data: &T) -> Result<()> {
        self.events.borrow_mut().push(Event { data: Json::of(data)?, to: Some(member.clone()) });
        Ok(())
    }

    /// Sends what a rule has asked for, now that all is committed.
    pub(in crate::channel) fn release(&self) -> Result<()> {
        if self.own_changed.take() {
            self.channel.send_own(self.member)?;
        }
        if self.shared_changed.take() {
            self.channel.update_shared()?;
        }
        for Event { data, to } in self.events.take() {
            self.channel.deliver(data, to.as_ref())?;
        }
        Ok(())
    }
}
