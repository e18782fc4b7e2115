//! What clients of [the original wire](crate::original) say.

use party::parts::wire::{Code, Fault};
use party::{Connection, Message, Result, Room};

use super::{Chat, Sender};
use crate::deed::{Act, Deed, tell_fault};
use crate::original::{self, ClientFrame};
use crate::protocol::Profile;

impl Chat {
    /// A client has said something.
    pub(super) async fn hear_original(
        &self,
        room: &Room,
        sender: &Sender<'_>,
        message: &Message,
    ) -> Result<()> {
        let Sender { from, member, .. } = sender;
        let frame = match (self.count(room, sender, 1, false)?, ClientFrame::read(message)) {
            (Ok(()), Ok(frame)) => frame,
            (Err(fault), _) | (_, Err(fault)) => {
                tell_fault(&self.log, from, fault);
                return Ok(());
            }
        };
        let said = frame.message();
        if let Some(fault) = self.may_write(room, member)? {
            tell_fault(&self.log, from, fault.of(&said.id));
            return Ok(());
        }
        if from.state::<Profile>()?.is_none_or(|profile| profile.name != said.user) {
            self.show(room, from, member, &said.user, true)?;
        }
        let (id, line) = (said.id.clone(), said.line());
        let (id, act) = match self.log.item_by_id(&id)? {
            None => (id, Act::Say(line)),
            Some(item) if item.author != *member || item.body.is_none() => {
                let fault = Fault::new(Code::Conflict, "the id belongs to another message").of(&id);
                tell_fault(&self.log, from, fault);
                return Ok(());
            }
            // Sent again word for word: only its sender is told.
            Some(item) if original::Message::of_item(&item).as_ref() == Some(said) => {
                return from.send_json(&frame.told());
            }
            // This wire has no id for a change.
            Some(item) => (room.random_id(), Act::Change(item.seq, line)),
        };
        let deed = Deed { from: Connection::clone(from), author: member.clone(), moderates: false, id, act };
        self.commit(room, from, vec![deed]).await
    }
}
