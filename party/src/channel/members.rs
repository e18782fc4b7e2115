//! Members: sessions of connections, profiles of members, and the actions of moderators.

use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::asker::Asker;
use super::context::Context;
use super::protocol::Protocol;
use super::relays::ChangeKind;
use super::rules::{Attempt, Rules};
use super::{Channel, MEMBER};
use crate::error::{Error, Result};
use crate::message::Frame;
use crate::parts::identity::Identity;
use crate::parts::invitations::Invitations;
use crate::parts::moderation::Role;
use crate::parts::presence::Presence;
use crate::parts::wire::{Action, AppData, Json, ServerFrame};
use crate::{Connection, MemberId};

/// Under which name the channel keeps its data with a connection.
const PART: &str = "channel";

/// Under which name a member's profile is cached.
const PROFILE: &str = "channel.profile";

/// The session of a connection in the channel.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Session {
    /// Which of the other protocols the client speaks; 0 for the channel's own.
    pub(super) protocol: usize,
    /// Whether the client accepts several frames in one text.
    pub(super) batch: bool,
}

impl<R: Rules> Channel<R> {
    /// Returns the session of a connection, or `None` if it was not admitted.
    pub(super) fn session(connection: &Connection) -> Result<Option<Session>> {
        Ok(connection.share::<Session>(PART)?.map(|session| *session))
    }

    pub(super) fn set_session(connection: &Connection, session: Session) -> Result<()> {
        connection.set_share(PART, session)
    }

    /// Returns the protocol that a connection speaks, if it is not the channel's own.
    pub(super) fn other_protocol(&self, session: Session) -> Option<&dyn Protocol<R>> {
        self.others.get(session.protocol.checked_sub(1)?).map(|(_, protocol)| &**protocol)
    }

    /// Returns the profile of a connection's member.
    pub(super) fn profile_of(connection: &Connection) -> Result<Option<Rc<R::Profile>>> {
        connection.cached(PROFILE, || Presence::data(connection))
    }

    /// Returns the context of a connection's member.
    pub(super) fn context<'a>(
        &'a self,
        connection: &Connection,
        session: Session,
        member: &'a MemberId,
    ) -> Result<Context<'a, R>> {
        Context::new(self, member, Self::profile_of(connection)?, session.protocol > 0)
    }

    /// Returns the context of a member that need not be connected, with the profile that it shows if it is present.
    pub(super) fn context_of<'a>(&'a self, member: &'a MemberId, guest: bool) -> Result<Context<'a, R>> {
        let shown: Option<Json> = self.presence.shown(member)?;
        // A profile of another shape is of another release of the app.
        let profile = shown.and_then(|shown| shown.read().ok()).map(Rc::new);
        Context::new(self, member, profile, guest)
    }

    /// Changes a member's presence data, to `introduction` or after a change of its role.
    pub(super) fn introduce(
        &self,
        from: &Asker<R>,
        by: &Context<'_, R>,
        introduction: R::Introduction,
    ) -> Result<()> {
        let profile = self.rules.profile(by, Some(introduction))?;
        let connection = match from {
            Asker::Here(connection) => connection,
            // Nobody is shown who it is before it writes.
            Asker::Relayed(client) => {
                self.rules.authorize(by, Attempt::Introduce)?;
                client.set_profile(profile);
                return Ok(());
            }
        };
        let profile = Json::of(&profile)?;
        if Presence::data::<Json>(connection)?.is_none_or(|shown| shown != profile) {
            self.rules.authorize(by, Attempt::Introduce)?;
        }
        self.show(connection, by.member(), &profile)
    }

    /// Shows a member's profile to all. Each of its connections keeps it, so that a device does not bring back an
    /// earlier one.
    pub(super) fn show(&self, connection: &Connection, member: &MemberId, profile: &Json) -> Result<()> {
        self.presence.join(connection, member, profile)?;
        connection.forget_read(PROFILE);
        if self.presence.connections(member)? < 2 {
            return Ok(());
        }
        for (other, _) in self.connections_of(member)? {
            self.presence.join(&other, member, profile)?;
            other.forget_read(PROFILE);
        }
        Ok(())
    }

    /// Makes a member the founder of a room that has had no moderator yet. Returns whether it did. The member is
    /// verified.
    pub(super) fn claim_founder(&self, member: &MemberId) -> Result<bool> {
        Ok(self.options.founder && self.moderation.claim_founder(member)?)
    }

    /// As [`claim_founder`](Self::claim_founder), and tells the member's clients of its role.
    pub(super) fn found(&self, member: &MemberId) -> Result<()> {
        match self.claim_founder(member)? {
            true => self.refresh(member),
            false => Ok(()),
        }
    }

    /// Applies a moderator's action to a member, and sends the results to all clients.
    pub(super) fn moderate(
        &self,
        by: &Context<'_, R>,
        action: Action,
        member: &MemberId,
        seconds: Option<u64>,
    ) -> Result<()> {
        self.rules.authorize(by, Attempt::Moderate(action, member))?;
        self.enforce(action, member, || {
            self.moderation.act(by.member(), action, member, seconds.map(Duration::from_secs))
        })
    }

    /// Does something to a member, and has its connections, its presence and its clients follow.
    pub(super) fn enforce(
        &self,
        action: Action,
        member: &MemberId,
        act: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let here = self.room.connections();
        act()?;
        for closed in here.iter().filter(|connection| !connection.is_open()) {
            // Its own close comes late, or never.
            self.presence.lost(closed)?;
        }
        if matches!(action, Action::Kick | Action::Ban) {
            // Without the grace that its closes would begin.
            self.presence.remove(member)?;
        }
        if action == Action::Kick {
            Invitations::open(&self.room)?.withdraw(member)?;
            self.place.tell(|| ChangeKind::Kick(member.clone()))?;
        }
        self.refresh(member)
    }

    /// Applies a moderation action on behalf of the app, whatever the member's role is, and sends all clients what
    /// follows from it. `time` limits a ban or a mute.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::TOO_LARGE`](crate::ErrorCode::TOO_LARGE) when 10,000 members are banned, muted or moderators
    /// already.
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, member| {
    /// use std::time::Duration;
    /// use party::parts::wire::Action;
    ///
    /// channel.moderate_as_app(Action::Mute, member, Some(Duration::from_secs(60)))?;
    /// # Ok(()) });
    /// assert_eq!(ada.muted_for, Some(60_000));
    /// ```
    pub fn moderate_as_app(&self, action: Action, member: &MemberId, time: Option<Duration>) -> Result<()> {
        self.place.check_is_own()?;
        self.enforce(action, member, || self.moderation.apply(action, member, time))
    }

    /// Gives a member a role, and sends all clients the change. The member need not be present.
    ///
    /// # Errors
    ///
    /// As [`Moderation::set_role`](crate::parts::moderation::Moderation::set_role).
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, member| {
    /// channel.set_role(member, party::parts::moderation::Role::Reader)?;
    /// # Ok(()) });
    /// assert_eq!(ada.role, party::parts::moderation::Role::Reader);
    /// ```
    pub fn set_role(&self, member: &MemberId, role: Role) -> Result<()> {
        self.place.check_is_own()?;
        self.moderation.set_role(member, role)?;
        self.refresh(member)
    }

    /// Updates the profile and the clients of a member whose role or mute has changed.
    pub(super) fn refresh(&self, member: &MemberId) -> Result<()> {
        let you = Frame::from(&ServerFrame::You(self.moderation.you(member)?));
        let standing = self.moderation.standing(member)?;
        self.place.tell(|| ChangeKind::Standing(member.clone(), standing))?;
        let connections = self.connections_of(member)?;
        if let Some((connection, session)) = connections.first() {
            let by = self.context(connection, *session, member)?;
            let profile = Json::of(&self.rules.profile(&by, None)?)?;
            self.show(connection, member, &profile)?;
            by.release()?;
        }
        for (connection, session) in connections {
            if session.protocol == 0 {
                connection.send(you.clone());
            }
        }
        Ok(())
    }

    /// Returns the connections of a member.
    fn connections_of(&self, member: &MemberId) -> Result<Vec<(Connection, Session)>> {
        let mut found = Vec::new();
        for connection in self.room.connections() {
            if Identity::is_member(&connection, member)?
                && let Some(session) = Self::session(&connection)?
            {
                found.push((connection, session));
            }
        }
        Ok(found)
    }

    /// Sends a member's clients the app's own state of it.
    pub(super) fn send_own(&self, member: &MemberId) -> Result<()> {
        // A state that is gone is `null`.
        let own = |by: &Context<'_, R>| self.rules.own(by)?.map_or_else(|| Json::of(&()), Ok);
        if let Some(hub) = self.place.hub()
            && hub.is_followed()?
        {
            hub.change(ChangeKind::Own(member.clone(), own(&self.context_of(member, false)?)?))?;
        }
        for (connection, session) in self.connections_of(member)? {
            let by = self.context(&connection, session, member)?;
            if session.protocol == 0 {
                let data = own(&by)?;
                connection.send(Frame::from(&ServerFrame::Own(AppData { data })));
            }
        }
        Ok(())
    }

    /// Sends everyone the app's own [state of the room](Rules::shared), after a change that the app has made by itself.
    /// A rule calls [`Context::update_shared`] instead.
    ///
    /// # Errors
    ///
    /// Those of [`Rules::shared`].
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, _member| {
    /// channel.update_shared()?;
    /// # Ok(()) });
    /// # ada.read();
    /// # assert_eq!(ada.shared.unwrap().as_str(), "null");
    /// ```
    pub fn update_shared(&self) -> Result<()> {
        self.place.check_is_own()?;
        // A state that is gone is `null`.
        let data = self.rules.shared(&self.room)?.map_or_else(|| Json::of(&()), Ok)?;
        self.place.tell(|| ChangeKind::Shared(data.clone()))?;
        let frame = Frame::from(&ServerFrame::Shared(AppData { data }));
        self.room.broadcast(frame).to_tag(MEMBER).send();
        Ok(())
    }

    /// Sends an event of the app's own to one member, or to all.
    pub(super) fn deliver(&self, data: Json, to: Option<&MemberId>) -> Result<()> {
        self.place.check_is_own()?;
        self.place.tell(|| ChangeKind::Event(to.cloned(), data.clone()))?;
        let frame = Frame::from(&ServerFrame::Event(AppData { data }));
        let Some(member) = to else {
            self.room.broadcast(frame).to_tag(MEMBER).send();
            return Ok(());
        };
        for (connection, session) in self.connections_of(member)? {
            if session.protocol == 0 {
                connection.send(frame.clone());
            }
        }
        Ok(())
    }

    /// Sends an error to a client in its own protocol, and closes the connection if the error says so.
    pub(super) fn send_error(&self, to: &Asker<R>, session: Session, error: &Error) {
        match self.other_protocol(session) {
            None => to.send_error(error),
            Some(protocol) => {
                if let Some(frame) = protocol.error(self, error) {
                    to.send(frame);
                }
                if let Some(code) = error.close_code() {
                    to.close(code, error.public_text());
                }
            }
        }
    }
}
