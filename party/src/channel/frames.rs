//! The frames of clients. Those that change the log become operations, and all others are handled at once.

use std::time::Duration;

use serde::de::DeserializeOwned;

use super::Channel;
use super::asker::Asker;
use super::context::Context;
use super::members::Session;
use super::operation::{Kind, Operation};
use super::protocol::{Protocol, Request};
use super::rules::{Attempt, Rules};
use crate::error::{Error, ErrorCode, Result};
use crate::message::Frame;
use crate::parts::identity::Identity;
use crate::parts::log::Direction;
use crate::parts::moderation::Role;
use crate::parts::wire::{self, Ack, ClientFrame, ServerFrame};
use crate::{Connection, MemberId, Message};

/// After which time a client may try again what the room failed at.
const RETRY: Duration = Duration::from_secs(5);

/// A frame of the channel's protocol.
type RulesFrame<R> = ClientFrame<<R as Rules>::Draft, <R as Rules>::Introduction, <R as Rules>::Command>;

/// The sender of a frame, as the room knows it.
pub(super) struct Sender<'a, R: Rules> {
    from: &'a Asker<R>,
    session: Session,
    member: &'a MemberId,
    address: Option<&'a str>,
}

impl<'a, R: Rules> Sender<'a, R> {
    pub(super) fn new(
        from: &'a Asker<R>,
        session: Session,
        member: &'a MemberId,
        address: Option<&'a str>,
    ) -> Self {
        Self { from, session, member, address }
    }

    pub(super) fn asker(&self) -> &'a Asker<R> {
        self.from
    }

    pub(super) fn connection(&self) -> Option<&'a Connection> {
        self.from.connection()
    }

    pub(super) fn session(&self) -> Session {
        self.session
    }

    pub(super) fn member(&self) -> &'a MemberId {
        self.member
    }

    pub(super) fn address(&self) -> Option<&'a str> {
        self.address
    }

    fn context(&self, channel: &'a Channel<R>) -> Result<Context<'a, R>> {
        Context::new(channel, self.member, self.from.profile()?, self.session.protocol > 0)
    }
}

impl<R: Rules> Channel<R> {
    /// Handles what a client has sent. Call it in [`on_message`](crate::Server::on_message).
    ///
    /// A message is one frame or an array of at most 64 frames, and at most
    /// [`frame_bytes`](crate::parts::limits::LimitsOptions::frame_bytes) long. [`channel_hooks!`](crate::channel_hooks)
    /// writes this hook.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses. The errors of single frames have been sent.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{Connection, Message, Result, Room};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
    ///     self.channel.message(from, message).await
    /// }
    /// # }
    /// ```
    pub async fn message(&self, from: &Connection, message: Message) -> Result<()> {
        self.look_for_dead()?;
        // A connection that was not admitted is closing.
        let (Some(session), Some((member, address))) = (Self::session(from)?, Identity::who(from)?) else {
            return Ok(());
        };
        if self.close_expired(from)? {
            return Ok(());
        }
        let asker = Asker::Here(from.clone());
        if let Err(error) = self.handle_text(&asker, session, &member, address.as_deref(), &message).await {
            self.refuse(&asker, session, None, error);
        }
        Ok(())
    }

    async fn handle_text(
        &self,
        from: &Asker<R>,
        session: Session,
        member: &MemberId,
        address: Option<&str>,
        message: &Message,
    ) -> Result<()> {
        let sender = Sender { from, session, member, address };
        if let Some(relay) = self.place.relay() {
            return self.message_at_relay(relay, &sender, message).await;
        }
        let operations = match self.other_protocol(session) {
            None => self.read_frames(&sender, message)?,
            Some(protocol) => self.read_requests(&sender, protocol, message)?,
        };
        self.commit(session, member, operations).await?;
        self.look_for_backlogs()
    }

    /// Reads the frames of a text. Handles at once those that are not operations on the log.
    fn read_frames(&self, sender: &Sender<'_, R>, message: &Message) -> Result<Vec<Operation<R>>> {
        let mut operations = Vec::new();
        for frame in self.read_counted::<R::Draft, R::Introduction, R::Command>(sender, message) {
            operations.extend(self.handle(sender, frame)?);
        }
        Ok(operations)
    }

    /// Reads the frames of a text, and counts them against the limits. Those that are not read or not accepted have
    /// been answered.
    pub(super) fn read_counted<B, D, C>(
        &self,
        sender: &Sender<'_, R>,
        message: &Message,
    ) -> Vec<ClientFrame<B, D, C>>
    where
        B: DeserializeOwned,
        D: DeserializeOwned,
        C: DeserializeOwned,
    {
        let from = sender.from;
        let frames: Vec<Result<ClientFrame<B, D, C>>> = match wire::read(message, self.limits.frame_bytes()) {
            Ok(frames) => frames,
            Err(unreadable) => {
                from.send_error(&unreadable);
                if let Err(error) = self.count(sender, 1, false) {
                    end_if_closing(from, &error);
                }
                return Vec::new();
            }
        };
        if let Err(error) = self.count_frames(sender, &frames) {
            for id in frames.iter().filter_map(id_of) {
                from.send(Frame::from(&error.clone().with_id(id)));
            }
            if !frames.iter().any(|frame| id_of(frame).is_some()) {
                from.send(Frame::from(&error));
            }
            end_if_closing(from, &error);
            return Vec::new();
        }
        let accepted =
            |frame: Result<ClientFrame<B, D, C>>| frame.inspect_err(|error| from.send_error(error)).ok();
        frames.into_iter().filter_map(accepted).collect()
    }

    /// Reads what a client of another protocol has sent.
    fn read_requests(
        &self,
        sender: &Sender<'_, R>,
        protocol: &dyn Protocol<R>,
        message: &Message,
    ) -> Result<Vec<Operation<R>>> {
        let Sender { from, session, member, .. } = *sender;
        let mut operations = Vec::new();
        if let Err(error) = self.count(sender, 1, false) {
            // The answer may be much longer than what is refused, as in a protocol whose errors carry a page. So only
            // the first is answered.
            if error.close_code().is_some() || self.limits.refusals(member) < 2 {
                self.refuse(from, session, None, error);
            }
            return Ok(operations);
        }
        let mut read = || {
            let by = sender.context(self)?;
            for request in protocol.read(self, &by, message)? {
                match request {
                    Request::Introduce(id, introduction) => {
                        let by = sender.context(self)?;
                        self.introduce(from, &by, introduction).map_err(|error| error.with_id(id))?;
                    }
                    Request::Append(id, draft) => {
                        operations.push(self.operation(sender, id, Kind::Append(draft))?);
                    }
                    Request::Edit(id, seq, draft) => {
                        operations.push(self.operation(sender, id, Kind::Edit(seq, draft))?);
                    }
                    Request::Answer(frame) => from.send(frame),
                }
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = read() {
            self.refuse(from, session, None, error);
        }
        Ok(operations)
    }

    /// Counts the frames of a text. All of them are taken, or none.
    fn count_frames<B, D, C>(
        &self,
        sender: &Sender<'_, R>,
        frames: &[Result<ClientFrame<B, D, C>>],
    ) -> Result<()> {
        let moderates = frames.iter().all(|frame| matches!(frame, Ok(ClientFrame::Moderate { .. })));
        let Some(first) = frames.iter().find_map(operation_id) else {
            return self.count(sender, frames.len(), moderates);
        };
        let held = sender.from.held();
        held.check(first, self.room.now()).map_err(|error| self.limits.refuse(sender.member, error))?;
        let counted = self.count(sender, frames.len(), moderates);
        match &counted {
            Ok(()) => held.release(first),
            Err(error) => held.hold(first, held.arrives(), error, self.room.now()),
        }
        counted
    }

    /// Counts frames of a member. The actions of a moderator are not counted for its address: a flood from there does
    /// not keep it from moderating.
    fn count(&self, sender: &Sender<'_, R>, frames: usize, moderates: bool) -> Result<()> {
        let Sender { member, address, .. } = *sender;
        let exempt = moderates && self.moderation.standing(member)?.role == Role::Moderator;
        self.limits.take(member, address.filter(|_| !exempt), frames)
    }

    /// Returns the operation that a frame asks for. Carries out any other frame, and answers it.
    pub(super) fn handle(
        &self,
        sender: &Sender<'_, R>,
        frame: RulesFrame<R>,
    ) -> Result<Option<Operation<R>>> {
        let (id, kind) = match frame {
            ClientFrame::Append { id, body } => (id, Kind::Append(body)),
            ClientFrame::Edit { id, target, body } => (id, Kind::Edit(target, body)),
            ClientFrame::Delete { id, target } => (id, Kind::Delete(target)),
            ClientFrame::Command { id, data } => (id, Kind::Command(data)),
            other => {
                let id = other.id().map(str::to_owned);
                match self.control(sender, other) {
                    Ok(Some(answer)) => sender.from.send(Frame::from(&answer)),
                    Ok(None) => {}
                    Err(error) => self.refuse(sender.from, sender.session, id.as_deref(), error),
                }
                return Ok(None);
            }
        };
        self.operation(sender, id, kind).map(Some)
    }

    fn operation(&self, sender: &Sender<'_, R>, id: String, kind: Kind<R>) -> Result<Operation<R>> {
        Ok(Operation {
            from: sender.from.clone(),
            member: sender.member.clone(),
            profile: sender.from.profile()?,
            session: sender.session,
            arrival: sender.from.held().arrives(),
            id,
            kind,
        })
    }

    /// Carries out a frame that changes nothing in the log, and returns its answer.
    fn control(&self, sender: &Sender<'_, R>, frame: RulesFrame<R>) -> Result<Option<ServerFrame>> {
        let Sender { from, member, .. } = *sender;
        let by = sender.context(self)?;
        let id = match frame {
            ClientFrame::History { id, before, after } => {
                let direction = match (before, after) {
                    (_, Some(seq)) => Direction::After(seq),
                    (Some(seq), None) => Direction::Before(seq),
                    (None, None) => Direction::Newest,
                };
                let page = self.log.page(direction, self.options.page)?;
                return Ok(Some(ServerFrame::Page(wire::Page { id, ..page })));
            }
            ClientFrame::Query { id, data } => {
                let data = self.rules.query(&by, data)?;
                return Ok(Some(ServerFrame::Answer(wire::Answer { id, data })));
            }
            ClientFrame::Ephemeral { kind, data, end, .. } => {
                self.check_kind(&kind)?;
                self.rules.authorize(&by, Attempt::Ephemeral(&kind))?;
                if let Some(connection) = from.connection() {
                    self.ephemeral.relay(connection, member, &kind, data, end)?;
                }
                return Ok(None);
            }
            ClientFrame::Presence { id, data } => {
                self.introduce(from, &by, data)?;
                from.introduces(&id);
                id
            }
            ClientFrame::Moderate { id, action, member: other, seconds } => {
                self.moderate(&by, action, &other, seconds)?;
                id
            }
            ClientFrame::Probe { id } => {
                if let Some(connection) = from.connection() {
                    self.backlog.answered(connection, &id);
                }
                return Ok(None);
            }
            ClientFrame::Token { id, token } => {
                if let Some(connection) = from.connection()
                    && self.renew(connection, member, &token)?
                {
                    self.found(member)?;
                }
                id
            }
            _ => return Err(Error::client(ErrorCode::UNSUPPORTED, "unsupported frame type")),
        };
        by.release()?;
        Ok(Some(ServerFrame::Ack(Ack { id, seq: None })))
    }

    /// Tells a client that what it asked for is done.
    pub(super) fn acknowledge(&self, to: &Asker<R>, id: &str) {
        to.send(Frame::from(&ServerFrame::Ack(Ack { id: id.to_owned(), seq: None })));
    }

    fn check_kind(&self, kind: &str) -> Result<()> {
        match &self.options.ephemeral {
            Some(kinds) if !kinds.iter().any(|known| known == kind) => {
                Err(Error::client(ErrorCode::UNSUPPORTED, "unknown kind of ephemeral event"))
            }
            _ => Ok(()),
        }
    }

    /// Handles a fresh token of a client, or the proof that it has received its secret. Returns whether it is the
    /// proof: such a member may found the room.
    pub(super) fn renew(&self, from: &Connection, member: &MemberId, token: &str) -> Result<bool> {
        let known = self.rules.authenticate(&self.room, Some(token))?;
        match known.member {
            Some(other) if other != *member => {
                Err(Error::client(ErrorCode::FORBIDDEN, "the token is another member's"))
            }
            Some(_) => match known.expires {
                Some(expires) => self.identity.set_expiry(from, expires).map(|()| false),
                None => Ok(false),
            },
            None if self.identity.confirm(member, token)? => Ok(true),
            None => Err(Error::client(ErrorCode::UNAUTHORIZED, "not the secret of this member")),
        }
    }

    /// Refuses an operation. If its client may try it again, nothing that the client sends later is accepted before it.
    pub(super) fn refuse_operation(&self, operation: &Operation<R>, error: Error) {
        let Operation { from, session, arrival, id, .. } = operation;
        if session.protocol == 0 {
            from.held().hold(id, *arrival, &error, self.room.now());
            if let Some(wait) = error.retry_time() {
                from.hold(id, wait);
            }
        }
        self.refuse(from, *session, Some(id), error);
    }

    /// Sends a client the error of one of its frames. An error that was not made for clients is logged, and may pass.
    pub(super) fn refuse(&self, to: &Asker<R>, session: Session, id: Option<&str>, error: Error) {
        let public = error.is_public();
        let mut error = self.room.logged("on_message", to.connection(), error);
        if let (Some(id), None) = (id, error.id()) {
            error = error.with_id(id);
        }
        if !public {
            error = error.retry_after(RETRY);
        }
        self.send_error(to, session, &error);
    }
}

/// Returns the id of a frame that becomes an operation on the log.
fn operation_id<B, D, C>(frame: &Result<ClientFrame<B, D, C>>) -> Option<&str> {
    match frame {
        Ok(
            ClientFrame::Append { id, .. }
            | ClientFrame::Edit { id, .. }
            | ClientFrame::Delete { id, .. }
            | ClientFrame::Command { id, .. },
        ) => Some(id),
        _ => None,
    }
}

/// Returns the id of a frame, also of one that cannot be read.
fn id_of<B, D, C>(frame: &Result<ClientFrame<B, D, C>>) -> Option<&str> {
    match frame {
        Ok(frame) => frame.id(),
        Err(error) => error.id(),
    }
}

/// Closes the connection if the error says so. The error has been sent.
fn end_if_closing<R: Rules>(from: &Asker<R>, error: &Error) {
    if let Some(code) = error.close_code() {
        from.close(code, error.public_text());
    }
}
