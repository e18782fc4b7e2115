//! The hub's answers to its relays: it handles what their clients have sent by the same rules as for its own.

use std::rc::Rc;

use super::calls::{
    Act, Acted, Acting, Admit, Answers, Follow, FromHub, News, Refusal, State, ToHub, ToRelay,
};
use super::{Hub, Place};
use crate::channel::Channel;
use crate::channel::asker::{Asker, Relayed};
use crate::channel::context::Context;
use crate::channel::frames::Sender;
use crate::channel::members::Session;
use crate::channel::operation::Operation;
use crate::channel::rules::Rules;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::wire;
use crate::router::call::{RemoteCall, Reply};
use crate::timestamp::millis;
use crate::{ConnectionContext, Message};

/// The session of a client of a relay.
const SESSION: Session = Session { protocol: 0, batch: true };

impl<R: Rules> Channel<R> {
    /// Handles a call between the objects of a large room. Call it in [`on_relay`](crate::Server::on_relay).
    ///
    /// [`channel_hooks!`](crate::channel_hooks) writes this hook.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] when the room has no relays by its [settings](crate::channel::Settings::relays), or when
    /// the call is of another build and cannot be understood. The caller tries again.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Channel, Rules};
    /// use party::{RemoteCall, Reply, Result, Room};
    ///
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_relay(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
    ///     self.channel.relayed(call).await
    /// }
    /// # }
    /// ```
    pub async fn relayed(&self, call: RemoteCall) -> Result<Reply> {
        match &self.place {
            Place::Alone => Err(Error::new(ErrorKind::Invalid, "this room has no relays")),
            Place::Relay(relay) => {
                self.look_for_dead()?;
                let reply = call.answer(async |ToRelay::News(news): ToRelay| relay.told(*news)).await;
                self.look_for_backlogs()?;
                reply
            }
            Place::Hub(hub) => call.answer(async |question| self.answer_relay(hub, question).await).await,
        }
    }

    async fn answer_relay(&self, hub: &Rc<Hub>, question: ToHub) -> Result<FromHub> {
        Ok(match question {
            ToHub::Follow(follow) => FromHub::News(Box::new(self.follow(hub, &follow)?)),
            ToHub::CatchUp(from) => FromHub::Caught(self.log.catch_up(from, self.options.page)?),
            ToHub::Admit(admit) => match self.admit_relayed(&admit) {
                Ok(everyone) => FromHub::Admitted { everyone },
                Err(error) if error.is_public() => FromHub::Refused(Refusal::of(&error)),
                Err(error) => return Err(error),
            },
            ToHub::Claim(member) => {
                self.found(&member)?;
                FromHub::Claimed
            }
            ToHub::Act(act) => FromHub::Acted(Box::new(self.act(hub, act).await?)),
        })
    }

    fn follow(&self, hub: &Rc<Hub>, follow: &Follow) -> Result<News> {
        let news = hub.follow(follow)?;
        let knows = follow.version == Some(news.version)
            || follow.version.is_some()
                && follow.report.hub == Some(news.hub)
                && news.first_change <= follow.change;
        if knows {
            return Ok(news);
        }
        let shared = self.rules.shared(&self.room)?;
        let (key, standings) = (self.identity.key_text()?, self.moderation.all()?);
        Ok(News { state: Some(Box::new(State { key, standings, shared })), ..news })
    }

    /// Asks the rules whether a member may join. Returns whether everyone may.
    fn admit_relayed(&self, admit: &Admit) -> Result<bool> {
        let by = self.context_of(&admit.member, false)?;
        let mut request = http::Request::get(admit.uri.as_str());
        for (name, value) in &admit.headers {
            request = request.header(name, value);
        }
        let request = request.body(()).map_err(Error::other)?;
        self.rules.admit(&by, &ConnectionContext::new(request, None))?;
        Ok(by.is_open())
    }

    async fn act(&self, hub: &Rc<Hub>, act: Act) -> Result<Acted> {
        let mut askers = Vec::with_capacity(act.clients.len());
        let mut operations = Vec::new();
        for acting in &act.clients {
            let asker = Relayed::new(self.profile_of_relayed(acting)?);
            let from = Asker::Relayed(Rc::clone(&asker));
            if let Some(address) = &acting.address {
                self.moderation.seen(&acting.member, address);
            }
            let sender = Sender::new(&from, SESSION, &acting.member, acting.address.as_deref());
            operations.extend(self.read_relayed(&sender, acting)?);
            askers.push(asker);
        }
        self.commit_relayed(operations).await?;
        let news = self.follow(hub, &act.follow)?;
        let answers = act.clients.into_iter().zip(askers).map(|(acting, asker)| Answers {
            client: acting.client,
            frames: asker.answers.take(),
            refused: asker.refused.take().map(|(id, wait)| (id, millis(wait))),
            close: asker.closed.take().map(|(code, reason)| (code.as_u16(), reason)),
            introduced: asker.introduced.take(),
        });
        Ok(Acted { news, answers: answers.collect() })
    }

    /// Returns what is shown of a member by what its client has said of itself.
    fn profile_of_relayed(&self, acting: &Acting) -> Result<R::Profile> {
        let by = Context::new(self, &acting.member, None, false)?;
        let introduction = match &acting.introduction {
            Some(said) => said.read_input().ok(),
            None => {
                let request = http::Request::get(acting.uri.as_str()).body(()).map_err(Error::other)?;
                self.rules.introduction(&ConnectionContext::new(request, None))
            }
        };
        match introduction.map(|said| self.rules.profile(&by, Some(said))) {
            Some(Ok(profile)) => Ok(profile),
            _ => self.rules.profile(&by, None),
        }
    }

    /// Reads a client's frames, which its relay has counted already.
    fn read_relayed(&self, sender: &Sender<'_, R>, acting: &Acting) -> Result<Vec<Operation<R>>> {
        let (mut operations, from) = (Vec::new(), sender.asker());
        let counted = self.limits.take_address(sender.address(), acting.frames.len());
        for frame in &acting.frames {
            let message = Message::Text(frame.as_str().to_owned());
            for read in wire::read(&message, usize::MAX)? {
                match counted.clone().and(read) {
                    Ok(frame) => operations.extend(self.handle(sender, frame)?),
                    Err(error) => self.refuse(from, SESSION, None, error),
                }
            }
        }
        Ok(operations)
    }
}
