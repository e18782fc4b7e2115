//! The party: what happens when somebody joins a room, and when they say something.

use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party};

use crate::history::{History, Stored};
use crate::protocol::{self, ClientFrame, ErrorCode, Rejection, ServerFrame, Wire};

/// A chat room.
#[derive(Debug)]
#[party]
pub struct Chat {
    history: History,
}

impl Server for Chat {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { history: History::open(room.sql())? })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        who: &Connection,
        _context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        Ok(vec![Tag::new(Wire::of(who).tag())?])
    }

    /// Who joins sees what was said.
    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        let messages = Wire::of(who).messages(self.history.newest()?);
        who.send_json(&ServerFrame::All { messages })
    }

    /// A message is checked, stored, and only then sent to everyone.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let frame = match ClientFrame::read(&message) {
            Ok(frame) => frame,
            Err(rejection) => return self.reject(from, rejection),
        };
        let draft = frame.draft();
        match self.history.store(draft, from.id().as_str(), room.now()) {
            Ok(Stored::Changed(stored)) => tell_everyone(room, &frame, &stored),
            Ok(Stored::Same(stored)) => from.send_json(&frame.told(Wire::of(from).message(stored))),
            Ok(Stored::Foreign) => {
                let text = "the id belongs to somebody else's message";
                self.reject(
                    from,
                    Rejection { id: Some(draft.id.clone()), ..Rejection::new(ErrorCode::Conflict, text) },
                )
            }
            Err(error) => {
                let text = "the message could not be stored, try again";
                self.reject(
                    from,
                    Rejection { id: Some(draft.id.clone()), ..Rejection::new(ErrorCode::Internal, text) },
                )?;
                Err(error)
            }
        }
    }
}

impl Chat {
    /// Tells a sender that something of theirs was not taken.
    fn reject(&self, from: &Connection, mut rejection: Rejection) -> Result<()> {
        if rejection.id.is_some() && Wire::of(from) == Wire::Original {
            rejection.messages = Some(Wire::Original.messages(self.history.newest()?));
        }
        from.send_json(&ServerFrame::Error(rejection))
    }
}

/// Sends a stored message to all in the room, to each on its own wire.
fn tell_everyone(room: &Room, frame: &ClientFrame, stored: &protocol::Message) -> Result<()> {
    for wire in Wire::ALL {
        let told = frame.told(wire.message(stored.clone()));
        room.broadcast_json(&told)?.to_tag(&Tag::new(wire.tag())?).send();
    }
    Ok(())
}

#[cfg(test)]
mod tests;
