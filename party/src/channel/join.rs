//! Joining: the member of a client, its admission, and the first frames.

use super::Channel;
use super::asker::Asker;
use super::context::Context;
use super::members::Session;
use super::rules::{Attempt, Rules};
use super::{BATCHED, MEMBER, SINGLE};
use crate::error::{Error, ErrorCode, Result};
use crate::host::errand::moved;
use crate::message::Frame;
use crate::parts::identity::{Admission, Identity};
use crate::parts::log::Position;
use crate::parts::moderation::Role;
use crate::parts::presence::Presence;
use crate::parts::wire::{self, Json, ServerFrame, Welcome, You};
use crate::{CloseCode, Connection, ConnectionContext, MemberId, Tag};

/// Under which name the secret of a client is kept until its welcome.
pub(super) const SECRET: &str = "channel.secret";

impl<R: Rules> Channel<R> {
    /// Admits a client, or refuses it, and returns the tags of its connection. Call it in
    /// [`connection_tags`](crate::Server::connection_tags), and return the tags, or more.
    ///
    /// # Errors
    ///
    /// Why the client is not admitted: it speaks no protocol of the room, is banned, the room is full, or what
    /// [`Rules::authenticate`] and [`Rules::admit`] say. Its client gets an error frame and a close.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Connection, ConnectionContext, Result, Room, Tag};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn connection_tags(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<Vec<Tag>> {
    ///     let mut tags = self.channel.connection_tags(who, context).await?;
    ///     tags.extend(context.query("screen").is_some().then_some(Tag::from_static("screen")));
    ///     Ok(tags)
    /// }
    /// # }
    /// ```
    pub async fn connection_tags(
        &self,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        if let Some(relay) = self.place.relay() {
            return self.admit_at_relay(relay, connection, context).await;
        }
        let session = self.session_of(connection)?;
        if session.protocol == 0
            && let Some(hub) = self.place.hub()
            && let Some(relays) = hub.moved()?
        {
            return Err(moved(relays));
        }
        Self::set_session(connection, session)?;
        if let Some((tag, _)) = self.others.get(session.protocol.wrapping_sub(1)) {
            return Ok(vec![tag.clone()]);
        }
        let secret = self.admit(connection, context, session)?;
        connection.cached(SECRET, || Ok(secret))?;
        let frames = if session.batch { BATCHED } else { SINGLE };
        Ok(vec![MEMBER, frames])
    }

    /// Welcomes a client. Call it in [`on_connect`](crate::Server::on_connect).
    ///
    /// It sends the welcome: the member's own role, the entries that the client has missed, the roster, the app's [own
    /// state](Rules::own) of the member.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Connection, ConnectionContext, Result, Room};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
    ///     self.channel.connect(who, context)
    /// }
    /// # }
    /// ```
    pub fn connect(&self, connection: &Connection, context: &ConnectionContext) -> Result<()> {
        let Some(session) = Self::session(connection)? else { return Ok(()) };
        if let Some(relay) = self.place.relay() {
            return self.welcome_at_relay(relay, connection);
        }
        if session.protocol > 0
            && let Err(error) = self.admit(connection, context, session)
        {
            // Its protocol has an error frame of its own.
            self.identity.forget(connection)?;
            let code = error.close_code().unwrap_or(CloseCode::ERROR);
            let error = self.room.logged("on_connect", Some(connection), error).closing(code);
            self.send_error(&Asker::Here(connection.clone()), session, &error);
            return Ok(());
        }
        let Some(member) = Identity::member(connection)? else { return Ok(()) };
        // A client that cannot be welcomed was not here.
        self.welcome_member(connection, session, &member).inspect_err(|_| {
            if let Err(error) = self.presence.withdraw(connection) {
                self.room.logged("on_connect", Some(connection), error);
            }
        })
    }

    fn welcome_member(&self, connection: &Connection, session: Session, member: &MemberId) -> Result<()> {
        if let Some(profile) = Presence::data::<Json>(connection)? {
            self.show(connection, member, &profile)?;
        }
        self.recount();
        self.keep_sweeping()?;
        match self.other_protocol(session) {
            Some(protocol) => connection.send(protocol.welcome(self)?),
            None => connection.send(Frame::from(&self.welcome(connection, session, member)?)),
        }
        Ok(())
    }

    /// Returns the protocol of a client.
    pub(super) fn session_of(&self, connection: &Connection) -> Result<Session> {
        let version = wire::version_of(connection);
        if version.as_deref() == Some(wire::VERSION) {
            return Ok(Session { protocol: 0, batch: wire::accepts_batches(connection) });
        }
        let other = self.others.iter().position(|(_, protocol)| protocol.speaks(version.as_deref()));
        let unsupported = || {
            let text = format!("unsupported protocol version, this room speaks {}", wire::VERSION);
            Error::client(ErrorCode::UNSUPPORTED, text).closing(CloseCode::BAD_REQUEST)
        };
        let other = other.ok_or_else(unsupported)?;
        Ok(Session { protocol: other.saturating_add(1), batch: false })
    }

    /// Admits a client. Returns its secret, if the room has just made one.
    fn admit(
        &self,
        connection: &Connection,
        context: &ConnectionContext,
        session: Session,
    ) -> Result<Option<String>> {
        let Admission { member, secret } = self.identify(connection, context, session, |_| true)?;
        let address = Identity::address(connection)?;
        self.limits.take_connect(&member, address.as_deref())?;
        self.check_place(&member, address.as_deref(), session)?;
        let guest = session.protocol > 0;
        // When all else is well: it may write down that it has let the member in.
        self.rules.admit(&self.context_of(&member, guest)?, context).map_err(refusal)?;
        if !guest && secret.is_none() {
            self.claim_founder(&member)?;
        }
        // The context of the founder has its role.
        let by = self.context_of(&member, guest)?;
        self.presence.prepare(connection, &member, &self.first_profile(&by, context)?)?;
        Ok(secret)
    }

    /// Returns what is shown of a member when its client joins. A client can join although what it says of itself does
    /// not pass, or its member may not show anything else than it shows now: a muted member gets no other name by
    /// connecting again.
    fn first_profile(&self, by: &Context<'_, R>, context: &ConnectionContext) -> Result<Json> {
        let shown: Option<Json> = self.presence.shown(by.member())?;
        let introduction = self.rules.introduction(context);
        if let Some(Ok(profile)) = introduction.map(|said| self.rules.profile(by, Some(said))) {
            let profile = Json::of(&profile)?;
            if shown.is_none_or(|shown| shown == profile)
                || self.rules.authorize(by, Attempt::Introduce).is_ok()
            {
                return Ok(profile);
            }
        }
        Json::of(&self.rules.profile(by, None)?)
    }

    /// Returns the member of a client.
    pub(super) fn identify(
        &self,
        connection: &Connection,
        context: &ConnectionContext,
        session: Session,
        fits: impl Fn(&str) -> bool,
    ) -> Result<Admission> {
        if session.protocol > 0 {
            return self.identity.admit_guest(connection, context);
        }
        let authenticate = || self.rules.authenticate(&self.room, context.bearer()).map_err(refusal);
        let known = self.limits.take_proof(Identity::network(context).as_deref(), authenticate)?;
        let Some(member) = known.member else {
            return self.identity.admit_fitting(connection, context, fits);
        };
        self.identity.recognise(connection, context, &member)?;
        if let Some(expires) = known.expires {
            self.identity.set_expiry(connection, expires)?;
        }
        Ok(Admission { member, secret: None })
    }

    /// Checks that a member is not banned, and that there is a place for it.
    pub(super) fn check_place(
        &self,
        member: &MemberId,
        address: Option<&str>,
        session: Session,
    ) -> Result<()> {
        self.moderation.check_ban(member, address).map_err(refusal)?;
        if self.check_capacity(member, address, session).is_ok() {
            return Ok(());
        }
        // Some members may only have dead connections.
        self.close_dead()?;
        self.check_capacity(member, address, session)
    }

    /// Checks that there is capacity for one more member or connection. Moderators are always admitted.
    fn check_capacity(&self, member: &MemberId, address: Option<&str>, session: Session) -> Result<()> {
        let here = match self.place.relay() {
            Some(relay) => Some(relay.connections_here(member)?).filter(|connections| *connections > 0),
            None if self.presence.is_here(member)? => Some(self.presence.connections(member)?),
            None => None,
        };
        if let Some(connections) = here {
            return self.limits.admit_connection(connections);
        }
        if self.moderation.standing(member)?.role == Role::Moderator {
            return Ok(());
        }
        let count = self.members()?;
        self.limits.admit(count)?;
        // As long as all members together are fewer than may come from one address, nobody need look at addresses.
        match address {
            Some(address) if self.limits.admit_from_address(count).is_err() => {
                let from_there = self.identity.members_from(address)?;
                // A client of another protocol is connected already.
                self.limits.admit_from_address(from_there.saturating_sub(session.protocol.min(1)))
            }
            _ => Ok(()),
        }
    }

    /// Takes the secret that was made for a new member.
    pub(super) fn take_secret(&self, connection: &Connection) -> Result<Option<String>> {
        let secret = connection.cached::<String>(SECRET, || Ok(None))?;
        connection.forget_read(SECRET);
        Ok(secret.map(|secret| String::clone(&secret)))
    }

    fn welcome(&self, connection: &Connection, session: Session, member: &MemberId) -> Result<ServerFrame> {
        let caught = self.log.catch_up(Position::of(connection), self.options.page)?;
        let secret = self.take_secret(connection)?;
        let by = self.context(connection, session, member)?;
        Ok(ServerFrame::Welcome(Welcome {
            you: You { secret, ..self.moderation.you(member)? },
            epoch: caught.epoch,
            head: caught.head,
            position: caught.position.to_string(),
            now: self.room.now(),
            recovered: caught.recovered,
            entries: caught.entries,
            older: caught.older,
            presence: Some(self.presence.roster()?),
            own: self.rules.own(&by)?,
            shared: self.rules.shared(&self.room)?,
        }))
    }
}

/// Returns the error for a client that could not prove its identity.
pub(super) fn refusal(error: Error) -> Error {
    match error.close_code() {
        None if error.code() == ErrorCode::FORBIDDEN => error.closing(CloseCode::FORBIDDEN),
        None if error.is_public() => error.closing(CloseCode::UNAUTHORIZED),
        _ => error,
    }
}
