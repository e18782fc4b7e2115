//! What clients say of themselves: names, cursors, selections.
//!
//! A state belongs to a client of Yjs, by its number, and has a clock. Of two states of a client the one with the
//! higher clock counts. A state is kept with the connection that has sent it, so it is there after a sleep, and it ends
//! with that connection.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::lib0::{Malformed, Reader, write_bytes, write_varuint};
use super::{Access, Document};
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::name::ConnectionId;
use crate::parts::wire::Json;
use crate::sorted::Sorted;
use crate::{Connection, Room};

/// The name of this part's data with a connection.
const KEY: &str = "document";

/// How many clients that are gone are remembered.
const REMEMBERED: usize = 1_000;

/// How many states one connection may have, or say at once that are news. A client has one; with two connections of the
/// same browser it may say that of the other, too.
const MAX_STATES: usize = 100;

/// The highest clock that counts. A client goes on from the highest clock that it has heard of itself: from the end of
/// what JavaScript counts to, it could say nothing more that a room reads.
const MAX_CLOCK: u64 = 1 << 52;

/// The state of a client that is gone.
const GONE: &str = "null";

/// What is kept with a connection.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Share {
    #[serde(rename = "a")]
    pub(super) access: Access,
    /// The states that it has sent: the client, the clock, the state.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    states: Vec<(u64, u64, Json)>,
}

impl Share {
    pub(super) fn with(access: Access) -> Self {
        Self { access, states: Vec::new() }
    }

    pub(super) fn allowing(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// Returns what is kept with a connection: with one that is not the document's, nothing.
    pub(super) fn of(connection: &Connection) -> Result<Option<std::rc::Rc<Self>>> {
        connection.share(KEY)
    }

    pub(super) fn keep(self, connection: &Connection) -> Result<()> {
        connection.set_share(KEY, self)
    }
}

/// The clients that have states.
///
/// A cache of what is kept with the connections, and of those that are gone: others send on what they have heard, so a
/// state that is late must not be taken for a new one.
#[derive(Default)]
pub(super) struct Clients(RefCell<Option<Known>>);

#[derive(Default)]
struct Known {
    /// The clients that are here: the connection of each, and the clock of its state.
    here: Sorted<u64, (ConnectionId, u64)>,
    /// The clocks of those that were here.
    gone: Sorted<u64, u64>,
}

/// A state of a client in a message.
struct Said<'a> {
    client: u64,
    clock: u64,
    state: &'a str,
}

impl Clients {
    /// Takes in what a connection says, and returns the part of it that is news for the others.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`]; [`ErrorCode::TOO_LARGE`] for states of more than `most` bytes, or more than can be kept.
    pub(super) fn hear(
        &self,
        room: &Room,
        from: &Connection,
        bytes: &[u8],
        most: usize,
    ) -> Result<Option<Vec<u8>>> {
        let said = read(bytes)?;
        let Some(share) = Share::of(from)? else { return Ok(None) };
        let mut known = self.taken(room)?;
        let heard = hear(&mut known, from, (*share).clone(), &said, most);
        // Also when it is refused: then nothing has changed.
        self.0.replace(Some(known));
        let (news, moved) = heard?;
        for (client, connection) in moved {
            if let Some(before) = room.connection(connection.as_str()) {
                forget(&before, client)?;
            }
        }
        Ok((!news.is_empty()).then(|| match news.len() == said.len() {
            true => bytes.to_owned(),
            false => encode(news.iter().map(|said| (said.client, said.clock, said.state))),
        }))
    }

    /// Returns the states of all clients but those of one connection, if there are any.
    pub(super) fn all(room: &Room, except: Option<&Connection>) -> Result<Option<Vec<u8>>> {
        let mut shares = Vec::new();
        for connection in room.connections_tagged(Document::TAG) {
            if except.is_none_or(|except| except.id() != connection.id()) {
                shares.extend(Share::of(&connection)?);
            }
        }
        let all: Vec<_> = shares.iter().flat_map(|share| &share.states).collect();
        Ok((!all.is_empty())
            .then(|| encode(all.iter().map(|(client, clock, state)| (*client, *clock, state.as_str())))))
    }

    /// Ends the states of a connection that has closed. Returns what the others must hear.
    pub(super) fn leave(&self, room: &Room, connection: &Connection) -> Result<Option<Vec<u8>>> {
        let Some(share) = Share::of(connection)? else { return Ok(None) };
        if share.states.is_empty() {
            return Ok(None);
        }
        let mut known = self.taken(room)?;
        let mut ended = Vec::new();
        for (client, clock, _) in &share.states {
            // Another connection has it by now, perhaps one with the same id, as after a reconnect that the room has
            // noticed first.
            let here = known.here.get(client);
            let is_elsewhere = here.is_some_and(|(id, newest)| id != connection.id() || newest > clock);
            if !is_elsewhere {
                known.leave(*client, *clock);
                ended.push((*client, *clock, GONE));
            }
        }
        self.0.replace(Some(known));
        Ok((!ended.is_empty()).then(|| encode(ended.into_iter())))
    }

    /// Takes the cache out, so that after an error it is learned again.
    fn taken(&self, room: &Room) -> Result<Known> {
        if let Some(known) = self.0.take() {
            return Ok(known);
        }
        let mut known = Known::default();
        for connection in room.connections_tagged(Document::TAG) {
            if let Some(share) = Share::of(&connection)? {
                for (client, clock, _) in &share.states {
                    known.here.insert(*client, (connection.id().clone(), *clock));
                }
            }
        }
        Ok(known)
    }
}

impl Known {
    fn leave(&mut self, client: u64, clock: u64) {
        self.here.remove(&client);
        if self.gone.len() >= REMEMBERED {
            self.gone = Sorted::default();
        }
        self.gone.insert(client, clock);
    }
}

/// What is news, and the clients that have moved from other connections.
type Heard<'a> = (Vec<&'a Said<'a>>, Vec<(u64, ConnectionId)>);

/// Takes in what a connection says, all of it or nothing.
fn hear<'a>(
    known: &mut Known,
    from: &Connection,
    mut share: Share,
    said: &'a [Said<'a>],
    most: usize,
) -> Result<Heard<'a>> {
    let (mut news, mut moved) = (Vec::new(), Vec::new());
    for said in said.iter().filter(|said| said.clock <= MAX_CLOCK) {
        let is_gone = said.state == GONE;
        match known.here.get(&said.client) {
            Some((id, clock)) if id == from.id() => {
                if said.clock < *clock || (said.clock == *clock && !is_gone) {
                    continue;
                }
            }
            // What others have heard of a client they say again, and when they have not heard of it for a while they
            // say that it is gone. Only the client itself is right.
            Some((_, clock)) if is_gone || said.clock <= *clock => continue,
            Some((id, _)) => moved.push((said.client, id.clone())),
            None if is_gone => continue,
            None => {
                // A client that has come back says its last state again.
                let is_new = share.states.is_empty();
                let late = known
                    .gone
                    .get(&said.client)
                    .is_some_and(|clock| said.clock < *clock || (said.clock == *clock && !is_new));
                if late {
                    continue;
                }
            }
        }
        news.push(said);
        check(news.len(), 0, most)?;
    }
    if news.is_empty() {
        return Ok((news, moved));
    }
    share.states.retain(|(client, ..)| news.iter().all(|said| said.client != *client));
    for said in news.iter().filter(|said| said.state != GONE) {
        share.states.push((said.client, said.clock, Json::from_text(said.state.to_owned())?));
    }
    check(share.states.len(), share.states.iter().map(|(_, _, state)| state.as_str().len()).sum(), most)?;
    share.keep(from).map_err(|error| match error.kind() {
        ErrorKind::TooLarge => {
            Error::client(ErrorCode::TOO_LARGE, "the states have no place with the connection")
        }
        _ => error,
    })?;
    for said in &news {
        match said.state == GONE {
            true => known.leave(said.client, said.clock),
            false => known.here.insert(said.client, (from.id().clone(), said.clock)),
        }
    }
    Ok((news, moved))
}

/// Refuses too many states, or states that are too large.
fn check(states: usize, bytes: usize, most: usize) -> Result<()> {
    let text = if states > MAX_STATES {
        format!("a connection has {states} states, more than {MAX_STATES}")
    } else if bytes > most {
        format!("the states of a connection have {bytes} bytes, more than {most}")
    } else {
        return Ok(());
    };
    Err(Error::client(ErrorCode::TOO_LARGE, text))
}

/// Keeps the state of a client no longer with a connection.
fn forget(connection: &Connection, client: u64) -> Result<()> {
    let Some(share) = Share::of(connection)? else { return Ok(()) };
    let mut share = (*share).clone();
    share.states.retain(|(other, ..)| *other != client);
    share.keep(connection)
}

/// Reads the states of a message.
fn read(bytes: &[u8]) -> Result<Vec<Said<'_>>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut all = Vec::new();
    for _ in 0..reader.count()? {
        let (client, clock, state) = (reader.varuint()?, reader.varuint()?, reader.string()?);
        serde_json::from_str::<&RawValue>(state).map_err(|_| Malformed("a state is not JSON"))?;
        all.push(Said { client, clock, state });
    }
    reader.end()?;
    let mut clients: Vec<_> = all.iter().map(|said| said.client).collect();
    clients.sort_unstable();
    match clients.is_sorted_by(|a, b| a < b) {
        true => Ok(all),
        false => Err(Malformed("a client comes twice")),
    }
}

fn encode<'a>(states: impl ExactSizeIterator<Item = (u64, u64, &'a str)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_varuint(&mut bytes, u64::try_from(states.len()).unwrap_or_default());
    for (client, clock, state) in states {
        write_varuint(&mut bytes, client);
        write_varuint(&mut bytes, clock);
        write_bytes(&mut bytes, state.as_bytes());
    }
    bytes
}
