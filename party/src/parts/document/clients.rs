//! What is done with the messages of clients.

use super::awareness::{Clients, Share};
use super::contents::{self, Contents, join};
use super::message::Received;
use super::{Access, Document, known, message, update};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::limits::Rates;
use crate::{CloseCode, Connection, Timestamp};

/// A message counts once for each time that it has this number of bytes.
const MESSAGE_BYTES: usize = 10_000;

/// A change for which a full document is written again counts once for each time that the document has this number of
/// bytes.
const DOCUMENT_BYTES: u64 = 100_000;

/// How an update begins that only deletes.
const NO_STRUCTS: &[u8] = &[0];

/// How many bytes of deletes a full document still takes.
const DELETES_BEYOND: u64 = 64 << 10;

/// A change of a client, on its way into the database.
#[derive(Debug)]
pub(super) struct Change {
    author: Connection,
    update: Vec<u8>,
}

impl Document {
    pub(super) async fn handle(&self, from: &Connection, bytes: &[u8]) -> Result<()> {
        let Some(share) = Share::of(from)? else { return Ok(()) };
        let received = message::read(bytes)?;
        // A large message counts as many: others wait while the room reads it, and while it sends it on.
        let cost = bytes.len().checked_div(MESSAGE_BYTES).unwrap_or_default().saturating_add(1);
        take(&self.rates, from, cost, self.room.now())?;
        if matches!(received, Received::Step1(_) | Received::QueryAwareness) {
            take(&self.questions, from, 1, self.room.now())?;
        }
        match received {
            Received::Step1(state_vector) => self.answer(from, state_vector),
            Received::Update(_) if share.access == Access::Read => {
                Err(Error::client(ErrorCode::FORBIDDEN, "this connection may only read"))
            }
            // Unless something before it is missing: after a change that was refused, or when the client has made it
            // before it was asked for what the room lacks. Its answer has both.
            Received::Update(update) => match self.has_gap(update)? {
                true => self.ask(from),
                false => self.take(from, update).await,
            },
            Received::Step2(update) => {
                self.shared.asked.borrow_mut().remove(from.id());
                // A client that may only read answers a question like any other.
                match share.access {
                    Access::Read => Ok(()),
                    Access::Write => self.take(from, update).await,
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
        self.with_all(|contents| {
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

    fn has_gap(&self, bytes: &[u8]) -> Result<bool> {
        let update = update::read(bytes)?;
        self.with(|contents| Ok(contents.known.news(&update, bytes).gap))
    }

    /// Takes a change of a client. Under load it waits for others, and all of them are stored as one.
    async fn take(&self, from: &Connection, bytes: &[u8]) -> Result<()> {
        let (size, most) = (bytes.len(), self.options.update_bytes);
        if size > most {
            let text = format!("the update has {size} bytes, more than {most}");
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        if self.is_near_full(size)? {
            self.settle();
        }
        // An update that is refused costs nothing but its check: the contents stay known.
        let accepted = self.with(|contents| Ok(self.accept(contents, Some(from), bytes)))?;
        let Some(update) = accepted? else { return Ok(()) };
        if let Some(changes) = self.changes.gather(Change { author: from.clone(), update }).await {
            self.store(&changes);
        }
        Ok(())
    }

    /// Returns whether a document may become too large when all that was taken is stored.
    fn is_near_full(&self, size: usize) -> Result<bool> {
        let waiting = self.changes.sum(|change| contents::size(&change.update));
        let more = waiting.saturating_add(u64::try_from(size).unwrap_or(u64::MAX));
        self.with(|contents| Ok(contents.bytes().saturating_add(more) > self.options.document_bytes))
    }

    /// Stores all changes that were taken, and sends them. Not within a transaction: it may be rolled back.
    pub(super) fn settle(&self) {
        if self.room.sql().is_in_transaction() {
            return;
        }
        let changes = self.changes.take();
        if !changes.is_empty() {
            self.store(&changes);
        }
    }

    /// Stores what is new in an update of the app's own, and sends it to everyone.
    pub(super) fn put(&self, contents: &mut Contents, bytes: &[u8]) -> Result<()> {
        if let Some(update) = self.accept(contents, None, bytes)? {
            contents.append(self.room.sql(), update.clone())?;
            self.room.broadcast(message::update(&update)).to_tag(Self::TAG).send();
            contents.tidy(&self.room);
        }
        Ok(())
    }

    /// Checks an update. Returns what is new in it, which is known from then on. After an error, what is known stays
    /// right.
    fn accept(
        &self,
        contents: &mut Contents,
        from: Option<&Connection>,
        bytes: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let update = update::read(bytes)?;
        let news = contents.known.news(&update, bytes);
        if news.gap {
            let text = "the update refers to changes that are missing in the document";
            return Err(Error::client(ErrorCode::CONFLICT, text));
        }
        let Some(new) = news.update else { return Ok(None) };
        contents.known.check(&update)?;
        // A delete has some bytes, too, and a document that is full has to become smaller.
        let beyond = if new.starts_with(NO_STRUCTS) { DELETES_BEYOND } else { 0 };
        let most = self.options.document_bytes.saturating_add(beyond);
        let len = u64::try_from(new.len()).unwrap_or(u64::MAX);
        if contents.bytes().saturating_add(len) > most {
            if let Some(from) = from {
                let cost = contents.compactable_bytes().checked_div(DOCUMENT_BYTES).unwrap_or_default();
                take(&self.rates, from, usize::try_from(cost).unwrap_or(usize::MAX), self.room.now())?;
            }
            contents.compact(&self.room)?;
        }
        let all = contents.bytes().saturating_add(len);
        if all > most {
            let text = format!("the document would have {all} bytes, more than {most}");
            return Err(Error::client(ErrorCode::TOO_LARGE, text));
        }
        contents.known.learn(&update)?;
        Ok(Some(new.into_owned()))
    }

    /// Stores changes of clients as one, and then sends it to the others. If they cannot be one, each is stored and
    /// sent by itself.
    fn store(&self, changes: &[Change]) {
        let each: Vec<_> = changes.iter().map(|change| change.update.clone()).collect();
        match join(&each) {
            Some(one) => self.store_one(changes, one),
            None => changes.chunks(1).zip(each).for_each(|(change, update)| self.store_one(change, update)),
        }
        let tidied = self.with(|contents| {
            contents.tidy(&self.room);
            Ok(())
        });
        if let Err(error) = tidied {
            let _logged = self.room.logged("document", None, error);
        }
    }

    /// Stores the update of some changes, and then sends it. If the database refuses, their authors are closed: they
    /// come back with what they have written.
    fn store_one(&self, changes: &[Change], update: Vec<u8>) {
        let message = message::update(&update);
        let stored = self.with(|contents| {
            // Again: what was known was perhaps forgotten and read again, while this was on its way.
            contents.known.learn(&update::read(&update)?)?;
            contents.append(self.room.sql(), update)
        });
        if let Err(error) = stored {
            let error = self.room.logged("document", None, error);
            return changes.iter().for_each(|change| tell(&change.author, &error));
        }
        let broadcast = self.room.broadcast(message).to_tag(Self::TAG);
        match changes {
            [first, rest @ ..] if rest.iter().all(|change| change.author.id() == first.author.id()) => {
                broadcast.except(&first.author).send();
            }
            _ => broadcast.send(),
        }
    }

    /// Tells a client in its own protocol why something was not done.
    pub(super) fn refuse(&self, from: &Connection, error: Error) {
        tell(from, &self.room.logged("document", Some(from), error));
    }
}

/// Tells a client why something was not done, and closes it if that ends the connection.
fn tell(client: &Connection, error: &Error) {
    client.send(message::denied(error.public_text()));
    let code = error.code();
    if code == ErrorCode::INVALID {
        client.close(CloseCode::BAD_REQUEST, error.public_text());
    } else if code == ErrorCode::SLOW_DOWN {
        client.close(CloseCode::TRY_AGAIN_LATER, error.public_text());
    } else if !error.is_public() {
        client.close(CloseCode::ERROR, error.public_text());
    }
}

fn take(rates: &Rates, from: &Connection, cost: usize, now: Timestamp) -> Result<()> {
    let cost = u32::try_from(cost).unwrap_or(u32::MAX);
    let slow_down = |wait| Error::client(ErrorCode::SLOW_DOWN, "too many messages").retry_after(wait);
    rates.take_many(from.id().as_str(), cost, now).map_err(slow_down)
}
