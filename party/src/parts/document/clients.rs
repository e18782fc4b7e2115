//! What is done with the messages of clients.

use super::awareness::{Clients, Share};
use super::contents::Contents;
use super::message::Received;
use super::{Access, Document, known, message, update};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::limits::Rates;
use crate::{CloseCode, Connection, Timestamp};

/// A message counts once for each time that it has this number of bytes.
const MESSAGE_BYTES: usize = 10_000;

impl Document {
    pub(super) fn handle(&self, from: &Connection, bytes: &[u8]) -> Result<()> {
        let Some(share) = Share::of(from)? else { return Ok(()) };
        let received = message::read(bytes)?;
        // A large message counts as many: others wait while the room reads it, and while it sends it on.
        let cost = bytes.len().checked_div(MESSAGE_BYTES).unwrap_or_default().saturating_add(1);
        take(&self.rates, from, cost, self.room.now())?;
        if matches!(received, Received::Step1(_)) {
            take(&self.questions, from, 1, self.room.now())?;
        }
        match received {
            Received::Step1(state_vector) => self.answer(from, state_vector),
            Received::Update(_) if share.access == Access::Read => {
                Err(Error::client(ErrorCode::FORBIDDEN, "this connection may only read"))
            }
            Received::Update(update) => self.take(from, update),
            Received::Step2(update) => {
                self.shared.asked.borrow_mut().remove(from.id());
                // A client that may only read answers a question like any other.
                match share.access {
                    Access::Read => Ok(()),
                    Access::Write => self.with(|contents| {
                        self.check_size(update)?;
                        self.put(contents, update, Some(from))
                    }),
                }
            }
            Received::Awareness(states) => {
                let most = self.options.awareness_bytes;
                if let Some(states) = self.shared.clients.hear(&self.room, from, states, most)? {
                    // To the sender, too: the provider of y-websocket takes it for a sign of life.
                    self.room.broadcast(message::awareness(&states)).to_tag(Self::TAG).send();
                }
                Ok(())
            }
            Received::QueryAwareness => {
                if let Some(states) = Clients::all(&self.room, None)? {
                    from.send(message::awareness(&states));
                }
                Ok(())
            }
            Received::Auth => Ok(()),
        }
    }

    /// Sends a client what it lacks.
    fn answer(&self, from: &Connection, state_vector: &[u8]) -> Result<()> {
        let has_nothing = known::read_state_vector(state_vector)?.is_empty();
        self.with(|contents| {
            let lacking = match has_nothing {
                true => message::step_2(&contents.whole(&self.room)?),
                false => message::step_2(&contents.since(&self.room, state_vector)?),
            };
            from.send(lacking);
            Ok(())
        })
    }

    /// Asks a client for what the room lacks, unless it was asked already.
    pub(super) fn ask(&self, connection: &Connection) -> Result<()> {
        self.with(|contents| {
            let mut asked = self.shared.asked.borrow_mut();
            if !asked.contains_key(connection.id()) {
                asked.insert(connection.id().clone(), ());
                connection.send(message::step_1(&contents.known.state_vector()));
            }
            Ok(())
        })
    }

    /// Takes a change of a client, unless something before it is missing: after a change that was refused, or when the
    /// client has made it before it was asked for what the room lacks. Its answer has both.
    fn take(&self, from: &Connection, bytes: &[u8]) -> Result<()> {
        self.check_size(bytes)?;
        let is_taken = self.with(|contents| {
            let update = update::read(bytes)?;
            let is_whole = !contents.known.news(&update, bytes).gap;
            if is_whole {
                self.put(contents, bytes, Some(from))?;
            }
            Ok(is_whole)
        })?;
        if is_taken { Ok(()) } else { self.ask(from) }
    }

    fn check_size(&self, update: &[u8]) -> Result<()> {
        let (bytes, most) = (update.len(), self.options.update_bytes);
        if bytes > most {
            let text = format!("the update has {bytes} bytes, more than {most}");
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        Ok(())
    }

    /// Stores what is new in an update, and sends it to everyone but its author.
    pub(super) fn put(
        &self,
        contents: &mut Contents,
        bytes: &[u8],
        author: Option<&Connection>,
    ) -> Result<()> {
        let update = update::read(bytes)?;
        let news = contents.known.news(&update, bytes);
        if news.gap {
            let text = "the update refers to changes that are missing in the document";
            return Err(Error::client(ErrorCode::CONFLICT, text));
        }
        let Some(new) = news.update else { return Ok(()) };
        contents.known.check(&update)?;
        let (len, most) = (u64::try_from(new.len()).unwrap_or(u64::MAX), self.options.document_bytes);
        if contents.bytes().saturating_add(len) > most {
            contents.compact(&self.room)?;
        }
        let all = contents.bytes().saturating_add(len);
        if all > most {
            let text = format!("the document would have {all} bytes, more than {most}");
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        let frame = message::update(&new);
        contents.append(self.room.sql(), new.into_owned())?;
        contents.known.learn(&update)?;
        let broadcast = self.room.broadcast(frame).to_tag(Self::TAG);
        match author {
            Some(author) => broadcast.except(author).send(),
            None => broadcast.send(),
        }
        contents.tidy(&self.room);
        Ok(())
    }

    /// Tells a client in its own protocol why something was not done.
    pub(super) fn refuse(&self, from: &Connection, error: Error) {
        let error = self.room.logged("document", Some(from), error);
        from.send(message::denied(error.public_text()));
        let code = error.code();
        if code == ErrorCode::INVALID {
            from.close(CloseCode::BAD_REQUEST, error.public_text());
        } else if code == ErrorCode::SLOW_DOWN {
            from.close(CloseCode::TRY_AGAIN_LATER, error.public_text());
        } else if !error.is_public() {
            from.close(CloseCode::ERROR, error.public_text());
        }
    }
}

fn take(rates: &Rates, from: &Connection, cost: usize, now: Timestamp) -> Result<()> {
    let cost = u32::try_from(cost).unwrap_or(u32::MAX);
    let slow_down = |wait| Error::client(ErrorCode::SLOW_DOWN, "too many messages").retry_after(wait);
    rates.take_many(from.id().as_str(), cost, now).map_err(slow_down)
}
