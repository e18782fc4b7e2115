//! What the hub tells a relay: entries for its clients, and changes of who may be here.

use std::rc::Rc;

use super::{CLEARED, Relay};
use crate::channel::MEMBER;
use crate::channel::commit::send_entries;
use crate::channel::relays::calls::{Change, ChangeKind, News, State, Told};
use crate::channel::relays::line::pause;
use crate::channel::relays::mirror::{Extended, Mirror};
use crate::error::Result;
use crate::message::Frame;
use crate::parts::identity::Identity;
use crate::parts::log::Position;
use crate::parts::wire::{AppData, Entry, Json, ServerFrame};
use crate::{CloseCode, Connection, MemberId};

impl Relay {
    /// Answers the hub, which tells what is new.
    pub(in crate::channel::relays) fn told(self: &Rc<Self>, news: News) -> Result<Told> {
        let complete = self.apply(news)?;
        if !complete {
            self.catch_up_later();
        }
        Ok(Told {
            report: self.report()?,
            have: self.mirror.borrow().as_ref().map(Mirror::end),
            addresses: self.moderation.take_found(),
        })
    }

    /// Asks the hub for what lies between, until it is known.
    fn catch_up_later(self: &Rc<Self>) {
        if self.is_catching_up.replace(true) {
            return;
        }
        let relay = Rc::clone(self);
        self.room.wait_until(async move {
            let mut failures = 0;
            while relay.follow().await.is_err() && failures < 8 {
                relay.room.sleep(pause(failures)).await;
                failures = failures.saturating_add(1);
            }
            relay.is_catching_up.set(false);
        });
    }

    /// Applies what is new: first what changes who may be here, in the order of the log. Returns whether there is
    /// nothing that it lacks.
    pub(in crate::channel::relays) fn apply(self: &Rc<Self>, news: News) -> Result<bool> {
        if self.is_old(&news) {
            return Ok(self.hub.borrow().version.is_some());
        }
        let known = self.hub.borrow().id == Some(news.hub);
        let expected = if known { self.hub.borrow().change } else { news.first_change };
        let state_follows = match &news.state {
            Some(state) => {
                self.adopt(state)?;
                true
            }
            None => match self.hub.borrow().version {
                // It must have been known before: only the hub's answer to a question brings all of it.
                Some(version) => known && news.first_change <= expected || version == news.version,
                None => false,
            },
        };
        let entries = news.entries.read()?;
        let extended = match &mut *self.mirror.borrow_mut() {
            Some(mirror) if !news.broken => mirror.extend(&news.after, entries),
            Some(_) => Extended::Broken,
            empty => {
                let mut mirror = Mirror::new(news.after.clone());
                let extended = mirror.extend(&news.after, entries);
                *empty = Some(mirror);
                extended
            }
        };
        let fresh = match extended {
            Extended::Fresh(fresh) => fresh,
            Extended::Gap => return Ok(false),
            Extended::Broken => {
                self.begin_again(&news.after);
                Vec::new()
            }
        };
        let skipped = usize::try_from(expected.saturating_sub(news.first_change)).unwrap_or(usize::MAX);
        let changes = news.changes.get(skipped..).unwrap_or_default();
        let next = news.first_change.saturating_add(u64::try_from(news.changes.len()).unwrap_or(u64::MAX));
        {
            let mut hub = self.hub.borrow_mut();
            (hub.id, hub.number, hub.change) = (Some(news.hub), news.number, next.max(expected));
            hub.version = state_follows.then_some(news.version);
        }
        self.heard.set(news.heard);
        self.send_in_order(fresh, changes)?;
        self.count(news.members, news.relays);
        Ok(state_follows)
    }

    /// Returns whether later news were applied, of this activation of the hub or of a later one. They had all that is
    /// in these, and what they said of members and of the state is newer.
    fn is_old(&self, news: &News) -> bool {
        let hub = self.hub.borrow();
        hub.id.is_some_and(|id| (news.hub, news.number) <= (id, hub.number))
    }

    /// Closes all connections: what their clients have is not the beginning of the log any more.
    fn begin_again(&self, from: &Position) {
        self.mirror.replace(Some(Mirror::new(from.clone())));
        self.newest.take();
        for connection in self.room.connections_tagged(MEMBER) {
            connection.close(CloseCode::RESTART, CLEARED);
        }
    }

    fn send_in_order(&self, fresh: Vec<Entry>, changes: &[Change]) -> Result<()> {
        let mut changes = changes.iter().peekable();
        let mut together = Vec::new();
        for entry in fresh {
            while let Some(change) = changes.next_if(|change| change.at < entry.seq) {
                send_entries(&self.room, std::mem::take(&mut together))?;
                self.change(&change.kind)?;
            }
            together.push(entry);
        }
        send_entries(&self.room, together)?;
        changes.try_for_each(|change| self.change(&change.kind))
    }

    fn change(&self, change: &ChangeKind) -> Result<()> {
        match change {
            ChangeKind::Standing(member, standing) => {
                self.moderation.learn(member, standing.clone());
                self.moderation.close_banned(member)?;
                self.refresh(member)
            }
            ChangeKind::Kick(member) => self.moderation.close_kicked(member),
            ChangeKind::Shared(data) => {
                self.shared.replace(Some(data.clone()));
                self.opened_at.take();
                self.send_all(ServerFrame::Shared(AppData { data: data.clone() }));
                Ok(())
            }
            ChangeKind::Own(member, data) => {
                self.send_to(member, &Frame::from(&ServerFrame::Own(AppData { data: data.clone() })))
            }
            ChangeKind::Event(to, data) => {
                let event = ServerFrame::Event(AppData { data: data.clone() });
                match to {
                    Some(member) => self.send_to(member, &Frame::from(&event)),
                    None => {
                        self.send_all(event);
                        Ok(())
                    }
                }
            }
        }
    }

    pub(super) fn send_all(&self, frame: ServerFrame) {
        self.room.broadcast(Frame::from(&frame)).to_tag(MEMBER).send();
    }

    fn send_to(&self, member: &MemberId, frame: &Frame<'static>) -> Result<()> {
        for connection in self.connections_of(member)? {
            connection.send(frame.clone());
        }
        Ok(())
    }

    pub(in crate::channel::relays) fn connections_of(&self, member: &MemberId) -> Result<Vec<Connection>> {
        if self.with_members(|members| !members.contains_key(member))? {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for connection in self.room.connections_tagged(MEMBER) {
            if Identity::is_member(&connection, member)? {
                found.push(connection);
            }
        }
        Ok(found)
    }

    /// Sends a member's clients its role and mute.
    fn refresh(&self, member: &MemberId) -> Result<()> {
        self.send_to(member, &Frame::from(&ServerFrame::You(self.moderation.you(member)?)))
    }

    /// Takes the whole state in place of what is known.
    fn adopt(&self, state: &State) -> Result<()> {
        self.identity.adopt(&state.key)?;
        let before: Vec<MemberId> = self.with_members(|members| members.keys().cloned().collect())?;
        let was: Vec<_> =
            before.iter().map(|member| self.moderation.standing(member)).collect::<Result<_>>()?;
        self.moderation.adopt(&state.standings);
        for (member, was) in before.iter().zip(was) {
            if self.moderation.standing(member)? != was {
                self.moderation.close_banned(member)?;
                self.refresh(member)?;
            }
        }
        self.moderation.close_kept_out()?;
        let had = self.shared.replace(state.shared.clone());
        if had != state.shared && self.hub.borrow().id.is_some() {
            let data = state.shared.clone().map_or_else(|| Json::of(&()), Ok)?;
            self.send_all(ServerFrame::Shared(AppData { data }));
        }
        self.opened_at.take();
        Ok(())
    }
}
