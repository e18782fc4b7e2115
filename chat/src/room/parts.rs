//! What clients of [the parts' wire](party::parts::wire) say.

use party::parts::identity::Identity;
use party::parts::log::{Direction, PageSize};
use party::parts::moderation::{Moderated, Role};
use party::parts::wire::{self, Action, ClientFrame, Code, Fault, Json, ServerFrame};
use party::{Connection, Message, Result, Room};

use super::{Chat, Sender};
use crate::deed::{Act, Deed, tell_fault};
use crate::protocol::{Line, Name, Profile, Role as Author, Said, check_content, checked_name};

type Frame = ClientFrame<Said, Name>;

/// What came of a frame: the sender's own fault is told to the sender, an error is the room's.
pub(super) type Obeyed<T> = Result<Result<T, Fault>>;

impl Chat {
    /// A client has said something: one frame, or several at once.
    pub(super) async fn hear(&self, room: &Room, sender: &Sender<'_>, message: &Message) -> Result<()> {
        let Sender { from, member, .. } = sender;
        let frames: Vec<Frame> = match wire::read(message, self.limits.max_frame_bytes()) {
            Ok(frames) => frames,
            Err(fault) => {
                let _too_many = self.count(room, sender, 1, false)?;
                tell_fault(&self.log, from, fault);
                return Ok(());
            }
        };
        let orders = frames.iter().all(|frame| matches!(frame, ClientFrame::Moderate { .. }));
        if let Err(fault) = self.count(room, sender, frames.len(), orders)? {
            for frame in &frames {
                tell_fault(&self.log, from, id_of(frame).map_or(fault.clone(), |id| fault.clone().of(id)));
            }
            return Ok(());
        }
        let mut speaker = self.speaker(room, from, member)?;
        let mut deeds = Vec::new();
        for frame in frames {
            match speaker.act(frame) {
                Ok((id, Ok(act))) => deeds.push(speaker.deed(from, id, act)),
                Ok((id, Err(fault))) => tell_fault(&self.log, from, fault.of(&id)),
                Err(other) => {
                    if let Err(fault) = self.attend(room, from, member, other)? {
                        tell_fault(&self.log, from, fault);
                    }
                    // It may have taken another name.
                    speaker = self.speaker(room, from, member)?;
                }
            }
        }
        self.commit(room, from, deeds).await
    }

    /// Counts frames of a member's; the fault if they are too many. What a moderator `orders` is not counted for its address: who comes
    /// from there too cannot keep it from keeping order.
    pub(super) fn count(&self, room: &Room, sender: &Sender<'_>, frames: usize, orders: bool) -> Obeyed<()> {
        let Sender { from, member, address } = sender;
        let address = if orders && self.moderates(member)? { None } else { address.as_deref() };
        Ok(self.limits.take(from, member, address, frames, room.now()))
    }

    pub(super) fn moderates(&self, member: &str) -> Result<bool> {
        Ok(self.moderation.standing(member)?.role == Role::Moderator)
    }

    /// Who speaks on a connection.
    fn speaker<'a>(&self, room: &Room, from: &Connection, member: &'a str) -> Result<Speaker<'a>> {
        let profile: Option<Profile> = from.state()?;
        Ok(Speaker {
            member,
            name: profile.map(|profile| profile.name).unwrap_or_default(),
            moderates: self.moderates(member)?,
            silenced: self.may_write(room, member)?,
        })
    }

    /// Does what a frame says that changes nothing of the conversation.
    fn attend(&self, room: &Room, from: &Connection, member: &str, frame: Frame) -> Obeyed<()> {
        match frame {
            ClientFrame::History { before, after } => {
                let direction = match (before, after) {
                    (_, Some(seq)) => Direction::After(seq),
                    (Some(seq), None) => Direction::Before(seq),
                    (None, None) => Direction::Newest,
                };
                let page = self.log.page(direction, PageSize::default())?;
                from.send_json(&ServerFrame::<Json, ()>::Page(page))?;
            }
            ClientFrame::Ephemeral { kind, data, end } => {
                if self.may_write(room, member)?.is_none() {
                    self.ephemeral.relay(room, from, member, &kind, data, end)?;
                }
            }
            ClientFrame::Presence { data } => {
                return match checked_name(&data.name) {
                    Ok(name) => self.rename(room, from, member, &name),
                    Err(fault) => Ok(Err(fault)),
                };
            }
            ClientFrame::Moderate { action, member: other, seconds } => {
                return self.moderate(room, member, action, &other, seconds);
            }
            _ => return Ok(Err(Fault::new(Code::Invalid, "this room has no use for such a frame"))),
        }
        Ok(Ok(()))
    }

    /// A member shows itself under a name. Another name than before can say something, which who may not write may not.
    fn rename(&self, room: &Room, from: &Connection, member: &str, name: &str) -> Obeyed<()> {
        let renamed = from.state::<Profile>()?.is_none_or(|profile| profile.name != name);
        match self.may_write(room, member)? {
            Some(fault) if renamed => Ok(Err(fault)),
            _ => self.show(room, from, member, name, false).map(Ok),
        }
    }

    /// A moderator does something to a member, and all who are concerned learn of it.
    fn moderate(
        &self,
        room: &Room,
        moderator: &str,
        action: Action,
        member: &str,
        seconds: Option<u64>,
    ) -> Obeyed<()> {
        let here = room.connections();
        let fault = |code, text: &str| Ok(Err(Fault::new(code, text)));
        match self.moderation.act(room, moderator, action, member, seconds)? {
            Moderated::Done => {}
            Moderated::Forbidden => {
                let text = "only moderators can do that, and not to themselves nor to who founded the room";
                return fault(Code::Forbidden, text);
            }
            Moderated::Full => {
                return fault(Code::TooLarge, "too many members are banned, muted or moderators already");
            }
        }
        for closed in here.iter().filter(|connection| !connection.is_open()) {
            // Its own close comes late, or never.
            self.presence.lost(closed)?;
        }
        if matches!(action, Action::Kick | Action::Ban) {
            // Without the grace that its closes would begin.
            self.presence.remove(member)?;
        }
        let you: ServerFrame = ServerFrame::You(self.you(room, member)?);
        for connection in room.connections() {
            if Identity::member(&connection)?.as_deref() == Some(member)
                && let Some(profile) = connection.state::<Profile>()?
            {
                self.show(room, &connection, member, &profile.name, profile.guest)?;
                if !profile.guest {
                    connection.send_json(&you)?;
                }
            }
        }
        Ok(Ok(()))
    }
}

/// Who speaks, as it counts for what is said.
struct Speaker<'a> {
    member: &'a str,
    /// The name that the member shows.
    name: String,
    moderates: bool,
    /// Why the member may not write now, if so.
    silenced: Option<Fault>,
}

impl Speaker<'_> {
    /// What is to be committed of a frame, under its id, or why it cannot be; or else the frame.
    fn act(&self, frame: Frame) -> Result<(String, Result<Act, Fault>), Frame> {
        let (id, act) = match frame {
            ClientFrame::Append { id, body } => (id, self.line(body).map(Act::Say)),
            ClientFrame::Edit { id, target, body } => {
                (id, self.line(body).map(|line| Act::Change(target, line)))
            }
            ClientFrame::Delete { id, target } => (id, Ok(Act::Delete(target))),
            other => return Err(other),
        };
        Ok((id, act.and_then(|act| self.silenced.clone().map_or(Ok(act), Err))))
    }

    /// What somebody says, under the name that they show.
    fn line(&self, Said { content }: Said) -> Result<Line, Fault> {
        check_content(&content)?;
        Ok(Line { content, user: self.name.clone(), role: Author::User })
    }

    fn deed(&self, from: &Connection, id: String, act: Act) -> Deed {
        Deed { from: from.clone(), author: self.member.to_owned(), moderates: self.moderates, id, act }
    }
}

/// The id of what would be committed.
fn id_of(frame: &Frame) -> Option<&str> {
    match frame {
        ClientFrame::Append { id, .. } | ClientFrame::Edit { id, .. } | ClientFrame::Delete { id, .. } => {
            Some(id)
        }
        _ => None,
    }
}
