//! Members at a relay: how they join, what they send, and how they go.

use std::rc::Rc;

use super::Relay;
use super::calls::{Acting, Admit, FromHub, ToHub};
use super::lane::said;
use crate::channel::asker::Asker;
use crate::channel::frames::Sender;
use crate::channel::join::{SECRET, refusal};
use crate::channel::rules::Rules;
use crate::channel::{BATCHED, Channel, MEMBER, SINGLE};
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::host::ID_PARAMETER;
use crate::host::errand::moved;
use crate::message::Frame;
use crate::name::place::client_key;
use crate::parts::identity::{Admission, Identity};
use crate::parts::log::{Caught, Position};
use crate::parts::wire::{ClientFrame, Json, Roster, ServerFrame, Welcome, You};
use crate::{CloseCode, Connection, ConnectionContext, MemberId, Message, Tag};

/// Under which name what brings a client up to date is cached with its connection until it is welcomed.
const CAUGHT: &str = "channel.caught";

impl<R: Rules> Channel<R> {
    /// Admits a client to a relay. All that needs the hub is done before its connection is open: nothing is sent to a
    /// client before its welcome.
    pub(in crate::channel) async fn admit_at_relay(
        &self,
        relay: &Rc<Relay>,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        let session = self.session_of(connection)?;
        if session.protocol > 0 {
            return Err(moved(0));
        }
        relay.ready().await.map_err(|error| unreachable(&error))?;
        // A worker may remember another number of relays; and so may this relay.
        let key = client_key(context.bearer(), context.query(ID_PARAMETER).as_deref());
        let belongs = || key.as_deref().map_or(relay.is_needed(), |key| relay.has(key));
        if !belongs() {
            relay.follow().await.map_err(|error| unreachable(&error))?;
        }
        if !belongs() {
            return Err(moved(relay.relays()));
        }
        Self::set_session(connection, session)?;
        let Admission { member, secret } =
            self.identify(connection, context, session, |member| relay.has(member))?;
        if let Some(key) = key.filter(|_| secret.is_none()) {
            Relay::set_key(connection, key, &member)?;
        }
        let address = Identity::address(connection)?;
        self.limits.take_connect(&member, address.as_deref())?;
        self.check_place(&member, address.as_deref(), session)?;
        if !relay.is_open() {
            self.ask_to_admit(relay, &member, context).await?;
        }
        if secret.is_none() {
            self.found_at_relay(relay, &member).await.map_err(|error| unreachable(&error))?;
        }
        let caught = relay.catch_up(Position::of(connection)).await.map_err(|error| unreachable(&error))?;
        // While the hub was asked, the member may have been banned, and others have taken its place.
        self.check_place(&member, address.as_deref(), session)?;
        connection.cached(CAUGHT, || Ok(Some(caught)))?;
        connection.cached(SECRET, || Ok(secret))?;
        Ok(vec![MEMBER, if session.batch { BATCHED } else { SINGLE }])
    }

    async fn ask_to_admit(
        &self,
        relay: &Rc<Relay>,
        member: &MemberId,
        context: &ConnectionContext,
    ) -> Result<()> {
        let request = context.request();
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            Some((name.to_string(), value.to_str().ok()?.to_owned()))
        };
        let admit = Admit {
            member: member.clone(),
            uri: request.uri().to_string(),
            headers: request.headers().iter().filter_map(header).collect(),
        };
        let asked_at = relay.version();
        match relay.ask(&ToHub::Admit(Box::new(admit))).await.map_err(|error| unreachable(&error))? {
            FromHub::Admitted { everyone } => {
                // What has changed while the answer was on its way may be who may join.
                if everyone && relay.version() == asked_at {
                    relay.opens();
                }
                Ok(())
            }
            FromHub::Refused(error) => Err(refusal(error.error())),
            _ => Err(Error::new(ErrorKind::Platform, "the hub answers something else")),
        }
    }

    /// Welcomes a client that was admitted.
    pub(in crate::channel) fn welcome_at_relay(
        &self,
        relay: &Rc<Relay>,
        connection: &Connection,
    ) -> Result<()> {
        let Some(member) = Identity::member(connection)? else { return Ok(()) };
        let caught = connection.cached::<Caught>(CAUGHT, || Ok(None))?;
        let caught =
            caught.ok_or_else(|| Error::new(ErrorKind::Other, "the client was not brought up to date"))?;
        connection.forget_read(CAUGHT);
        let secret = self.take_secret(connection)?;
        connection.send(Frame::from(&ServerFrame::Welcome(Welcome {
            you: You { secret, ..self.moderation.you(&member)? },
            epoch: caught.epoch.clone(),
            head: caught.head,
            position: caught.position.to_string(),
            now: self.room.now(),
            recovered: caught.recovered,
            entries: caught.entries.clone(),
            older: caught.older,
            presence: Some(Roster { count: relay.members().max(1), members: None, join: None, leave: None }),
            own: None,
            shared: relay.shared(),
        })));
        relay.send_since(connection, caught.head);
        relay.comes(connection, &member)
    }

    /// Handles what a client of a relay has sent: what the relay cannot answer goes to the hub.
    pub(in crate::channel) async fn message_at_relay(
        &self,
        relay: &Rc<Relay>,
        sender: &Sender<'_, R>,
        message: &Message,
    ) -> Result<()> {
        let Some(connection) = sender.connection() else { return Ok(()) };
        let frames: Vec<ClientFrame> = self.read_counted(sender, message);
        let mut tokens = Vec::new();
        for frame in frames {
            match frame {
                ClientFrame::Probe { id } => self.backlog.answered(connection, &id),
                // Too many would hear of it.
                ClientFrame::Ephemeral { .. } => {}
                ClientFrame::Token { id, token } => tokens.push((id, token)),
                frame => relay.send(connection, acting(sender, connection, &frame)?, &frame),
            }
        }
        self.look_for_backlogs()?;
        // What has to wait comes last: the other frames keep their order with those that the client sends next.
        for (id, token) in tokens {
            relay.ready().await?;
            self.renew_at_relay(relay, sender, &id, &token).await;
        }
        Ok(())
    }

    /// Has the hub make a member the founder that has proved who it is, if the room has none.
    async fn found_at_relay(&self, relay: &Rc<Relay>, member: &MemberId) -> Result<()> {
        if !self.options.founder || !self.moderation.is_fresh()? {
            return Ok(());
        }
        match relay.ask(&ToHub::Claim(member.clone())).await? {
            // So that its welcome says which role it has.
            FromHub::Claimed => relay.follow().await,
            _ => Err(Error::new(ErrorKind::Platform, "the hub answers something else")),
        }
    }

    async fn renew_at_relay(&self, relay: &Rc<Relay>, sender: &Sender<'_, R>, id: &str, token: &str) {
        let Some(connection) = sender.connection() else { return };
        let asker = Asker::Here(connection.clone());
        let renewed = match self.renew(connection, sender.member(), token) {
            Ok(true) => {
                let founded = self.found_at_relay(relay, sender.member()).await;
                founded.map_err(|error| unreachable(&error))
            }
            renewed => renewed.map(drop),
        };
        match renewed {
            Ok(()) => self.acknowledge(&asker, id),
            Err(error) => self.refuse(&asker, sender.session(), Some(id), error),
        }
    }

    /// Handles the end of a client's connection to a relay.
    pub(in crate::channel) fn close_at_relay(
        &self,
        relay: &Rc<Relay>,
        connection: &Connection,
    ) -> Result<()> {
        match Identity::member(connection)? {
            Some(member) => relay.goes(&member),
            None => Ok(()),
        }
    }
}

/// Returns a client's frame as the hub gets it.
fn acting<R: Rules>(sender: &Sender<'_, R>, connection: &Connection, frame: &ClientFrame) -> Result<Acting> {
    Ok(Acting {
        client: connection.socket().map_or(0, |socket| socket.0),
        member: sender.member().clone(),
        address: sender.address().map(str::to_owned),
        uri: connection.uri().to_owned(),
        introduction: said(connection)?,
        frames: vec![Json::of(frame)?],
    })
}

/// Returns the error for a client whose relay cannot reach the hub.
fn unreachable(error: &Error) -> Error {
    if error.is_public() {
        return error.clone();
    }
    let text = "the room cannot be reached, try again later";
    let refused = Error::client(ErrorCode::UNAVAILABLE, text).retry_after(std::time::Duration::from_secs(5));
    refused.closing(CloseCode::TRY_AGAIN_LATER)
}
