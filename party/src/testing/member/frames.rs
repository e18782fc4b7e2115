//! The frames that a member sends.

use serde::Serialize;

use super::{MemberFrame, TestMember};
use crate::ErrorFrame;
use crate::MemberId;
use crate::channel::Rules;
use crate::parts::wire::{Action, ClientFrame, Json, ServerFrame};

impl<R: Rules> TestMember<R>
where
    R::Draft: Serialize,
    R::Introduction: Serialize + Clone,
    R::Command: Serialize,
    R::Body: Clone,
{
    /// Sends a frame without storing it.
    ///
    /// It is not sent again after a reconnect. Use it for frames that a good client does not send.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::ErrorCode;
    /// # use party::parts::wire::ClientFrame;
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.send(&ClientFrame::Delete { id: "x".to_owned(), target: 99 });
    /// assert_eq!(ada.error().code, ErrorCode::NOT_FOUND);
    /// ```
    pub fn send(&self, frame: &MemberFrame<R>) {
        if let Some(socket) = &self.socket {
            socket.send_json(frame);
        }
    }

    /// Appends an item. Returns the id of the frame.
    ///
    /// The frame stays in [`outbox`](Self::outbox) until it is acknowledged or refused.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// let id = ada.append("milk".to_owned());
    /// ada.read();
    /// assert_eq!(ada.acknowledged[&id], Some(1));
    /// ```
    pub fn append(&mut self, body: R::Draft) -> String {
        self.put(|id| ClientFrame::Append { id, body })
    }

    /// Gives an item another body. Returns the id of the frame.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// ada.edit(1, "oat milk".to_owned());
    /// assert_eq!(ada.bodies(), ["oat milk"]);
    /// ```
    pub fn edit(&mut self, target: u64, body: R::Draft) -> String {
        self.put(|id| ClientFrame::Edit { id, target, body })
    }

    /// Deletes an item. Returns the id of the frame.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// ada.delete(1);
    /// assert!(ada.bodies().is_empty());
    /// ```
    pub fn delete(&mut self, target: u64) -> String {
        self.put(|id| ClientFrame::Delete { id, target })
    }

    /// Sends a command. Returns the id of the frame.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::*;
    /// # use party::testing::{TestMember, TestRoom};
    /// # use party::{Result};
    /// # party::example_rules! { command:
    /// # type Command = String;
    /// fn command(&self, _by: &Context<'_, Self>, shout: String) -> Result<Effect<String>> {
    ///     Ok(Effect::Append(shout.to_uppercase()))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.command("milk".to_owned());
    /// assert_eq!(ada.bodies(), ["MILK"]);
    /// ```
    pub fn command(&mut self, data: R::Command) -> String {
        self.put(|id| ClientFrame::Command { id, data })
    }

    /// Asks the room a [query](Rules::query), and returns what the app answers.
    ///
    /// # Errors
    ///
    /// The error with which the room refuses it.
    ///
    /// # Panics
    ///
    /// When the room does not answer.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// assert!(ada.ask(&"how many?").is_err_and(|error| error.code == party::ErrorCode::UNSUPPORTED));
    /// ```
    pub fn ask(&mut self, query: &impl Serialize) -> Result<Json, ErrorFrame> {
        let id = self.fresh_id();
        let data = Json::of(query).unwrap_or_else(|error| panic!("{error}"));
        self.send(&ClientFrame::Query { id: id.clone(), data });
        loop {
            match self.next_frame() {
                Some(ServerFrame::Answer(answer)) if answer.id == id => return Ok(answer.data),
                Some(ServerFrame::Error(error)) if error.id.as_ref() == Some(&id) => return Err(error),
                Some(frame) => self.apply(frame),
                None => panic!("{} has received no answer", self.id),
            }
        }
    }

    /// Sends other presence data. Returns the id of the frame, which is not sent again.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.introduce("Ada, away".to_owned());
    /// ada.read();
    /// assert_eq!(ada.roster[&ada.member], "Ada, away");
    /// ```
    pub fn introduce(&mut self, data: R::Introduction) -> String {
        let id = self.fresh_id();
        self.send(&ClientFrame::Presence { id: id.clone(), data });
        id
    }

    /// Acts on a member. Returns the id of the frame, which is not sent again.
    ///
    /// `seconds` limits a ban or a mute; `None` is without end.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::wire::Action;
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let (mut ada, mut bob) = (TestMember::<Notes>::new("ada"), TestMember::<Notes>::new("bob"));
    /// ada.join(&room);
    /// ada.read();
    /// bob.join(&room);
    /// ada.moderate(Action::Mute, &bob.member, Some(60));
    /// bob.read();
    /// assert_eq!(bob.muted_for, Some(60_000));
    /// ```
    pub fn moderate(&mut self, action: Action, member: &str, seconds: Option<u64>) -> String {
        let id = self.fresh_id();
        let member = MemberId::new(member).unwrap_or_else(|error| panic!("{error}"));
        self.send(&ClientFrame::Moderate { id: id.clone(), action, member, seconds });
        id
    }

    /// Requests the items before those that it knows, and reads them.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let (mut ada, mut bob) = (TestMember::<Notes>::new("ada"), TestMember::<Notes>::new("bob"));
    /// # ada.join(&room);
    /// # for seconds in 0..12 {
    /// #     (0..10).for_each(|_| drop(ada.append("milk".to_owned())));
    /// #     room.advance(std::time::Duration::from_secs(10));
    /// # }
    /// // The room has 120 items, and a page has 100.
    /// bob.join(&room);
    /// assert_eq!((bob.bodies().len(), bob.older), (100, true));
    /// bob.load_older();
    /// assert_eq!((bob.bodies().len(), bob.older), (120, false));
    /// ```
    pub fn load_older(&mut self) {
        let before = self.items.keys().next().copied();
        let id = self.fresh_id();
        self.send(&ClientFrame::History { id, before, after: None });
        self.read();
    }

    fn put(&mut self, frame: impl FnOnce(String) -> MemberFrame<R>) -> String {
        let id = self.fresh_id();
        self.outbox.push((id.clone(), frame(id.clone())));
        if self.welcomed
            && let Some((_, frame)) = self.outbox.last()
        {
            self.send(frame);
        }
        id
    }

    /// Sends all unacknowledged frames.
    ///
    /// # Example
    ///
    /// The room recognises an operation by its id, and carries it out once:
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// ada.resend();
    /// assert_eq!(ada.bodies(), ["milk"]);
    /// ```
    pub fn resend(&self) {
        self.outbox.iter().for_each(|(_, frame)| self.send(frame));
    }
}
