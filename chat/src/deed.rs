//! What members do to the conversation: say, change, delete. Deeds are committed together and only then told to everyone, to each
//! client on its own wire.

use party::parts::log::{Append, Change, Direction, Log, Outcome, PageSize};
use party::parts::wire::{Ack, Code, Entry, Fault, ServerFrame};
use party::{Connection, Error, Result, Room, Tag};

use crate::original;
use crate::protocol::{BATCH, Line, SINGLY, Wire};

/// Something that a member does, checked as far as its own words go.
#[derive(Clone, Debug)]
pub struct Deed {
    /// The connection that is told what has come of it.
    pub from: Connection,
    /// The member.
    pub author: String,
    /// Whether the member is a moderator, who may delete what others said.
    pub moderates: bool,
    /// Its id, chosen by the client.
    pub id: String,
    /// What is done.
    pub act: Act,
}

/// What is done.
#[derive(Clone, Debug)]
pub enum Act {
    /// A new message.
    Say(Line),
    /// Another text for the message at this `seq`.
    Change(u64, Line),
    /// The message at this `seq` is deleted.
    Delete(u64),
}

impl Deed {
    /// What it adds to the log, if it says something.
    fn said(&self, at: u64) -> Option<(Append<'_>, &Line)> {
        match &self.act {
            Act::Say(line) => Some((Append { id: &self.id, author: &self.author, at }, line)),
            Act::Change(..) | Act::Delete(_) => None,
        }
    }
}

/// Commits deeds and tells of each: everyone if it is new, else who did it. They are committed together; where the database refuses
/// that, each on its own, so that what it refuses of one is not refused to the others.
///
/// # Errors
///
/// When the database refuses. Then the senders of what it refused have been told, and all else was done and told.
pub fn commit(room: &Room, log: &Log, deeds: Vec<Deed>) -> Result<()> {
    let (mut news, mut others, mut failed) = (Vec::new(), Vec::new(), Ok(()));
    for (deed, outcome) in deeds.iter().zip(outcomes(room, log, &deeds)) {
        match outcome {
            Ok(Outcome::New(entry)) => news.push(entry),
            Ok(other) => others.push((deed, other)),
            Err(error) => {
                tell_fault(log, &deed.from, Fault::internal().of(&deed.id));
                failed = failed.and(Err(error));
            }
        }
    }
    // First, since what is new may be what somebody has sent twice at once.
    let told = tell_everyone(room, log, news);
    others.into_iter().map(|(deed, outcome)| tell(log, deed, &outcome)).fold(failed.and(told), Result::and)
}

/// What has come of each deed.
fn outcomes(room: &Room, log: &Log, deeds: &[Deed]) -> Vec<Result<Outcome>> {
    // One statement needs no transaction of its own.
    if deeds.len() > 1
        && let Ok(outcomes) = room.sql().transaction(|| attempt_all(room, log, deeds))
    {
        return outcomes.into_iter().map(Ok).collect();
    }
    deeds.iter().map(|deed| attempt(room, log, deed)).collect()
}

/// Attempts all deeds, those together that follow each other and say something.
fn attempt_all(room: &Room, log: &Log, deeds: &[Deed]) -> Result<Vec<Outcome>> {
    let at = room.now();
    let mut outcomes = Vec::with_capacity(deeds.len());
    for some in deeds.chunk_by(|one, next| one.said(at).is_some() && next.said(at).is_some()) {
        let said: Vec<_> = some.iter().filter_map(|deed| deed.said(at)).collect();
        match said.is_empty() {
            false => outcomes.extend(log.append_all(&said)?),
            true => {
                outcomes.extend(some.iter().map(|deed| attempt(room, log, deed)).collect::<Result<Vec<_>>>()?)
            }
        }
    }
    Ok(outcomes)
}

fn attempt(room: &Room, log: &Log, deed: &Deed) -> Result<Outcome> {
    let Deed { author, id, moderates, .. } = deed;
    let (at, own) = (room.now(), |item: &Entry| item.author == *author);
    match &deed.act {
        Act::Say(line) => log.append(Append { id, author, at }, line),
        Act::Change(target, line) => log.edit(Change { id, author, at, target: *target }, line, own),
        Act::Delete(target) => {
            log.delete(Change { id, author, at, target: *target }, |item| *moderates || own(item))
        }
    }
}

fn fault(outcome: &Outcome) -> Fault {
    match outcome {
        Outcome::Conflict => Fault::new(Code::Conflict, "the id belongs to somebody else's message"),
        Outcome::NotFound => Fault::new(Code::NotFound, "there is no such message any more"),
        Outcome::Forbidden => Fault::new(Code::Forbidden, "the message is somebody else's"),
        Outcome::New(_) | Outcome::Known(_) => Fault::internal(),
    }
}

/// Tells who did something that is not new what has come of it.
fn tell(log: &Log, deed: &Deed, outcome: &Outcome) -> Result<()> {
    if let Outcome::Known(seq) = outcome {
        return tell_known(log, deed, *seq);
    }
    tell_fault(log, &deed.from, fault(outcome).of(&deed.id));
    Ok(())
}

/// Tells who sent something again that it is in the log.
fn tell_known(log: &Log, deed: &Deed, seq: u64) -> Result<()> {
    match Wire::of(&deed.from) {
        Some(Wire::Parts) => {
            let ack: ServerFrame = ServerFrame::Ack(Ack { id: deed.id.clone(), seq });
            deed.from.send_json(&ack)
        }
        _ => match log.item(seq)?.as_ref().and_then(original::Message::of_item) {
            Some(message) => deed.from.send_json(&original::ServerFrame::Add(message)),
            None => Ok(()),
        },
    }
}

/// Sends entries to all in the room, to each on its own wire.
fn tell_everyone(room: &Room, log: &Log, entries: Vec<Entry>) -> Result<()> {
    let frames: Vec<ServerFrame> = entries.into_iter().map(ServerFrame::Entry).collect();
    if let [frame] = frames.as_slice() {
        room.broadcast_json(frame)?.to_tag(&Tag::new(Wire::Parts.tag())?).send();
    } else if !frames.is_empty() {
        room.broadcast_json(&frames)?.to_tag(&Tag::new(BATCH)?).send();
        let singly = Tag::new(SINGLY)?;
        if room.has_tagged(&singly) {
            for frame in &frames {
                room.broadcast_json(frame)?.to_tag(&singly).send();
            }
        }
    }
    let originals = Tag::new(Wire::Original.tag())?;
    if !room.has_tagged(&originals) {
        return Ok(());
    }
    for frame in &frames {
        if let ServerFrame::Entry(entry) = frame
            && let Some(frame) = original_frame(log, entry)?
        {
            room.broadcast_json(&frame)?.to_tag(&originals).send();
        }
    }
    Ok(())
}

/// An entry as the original client hears of it.
fn original_frame(log: &Log, entry: &Entry) -> Result<Option<original::ServerFrame>> {
    let Some(target) = entry.target else {
        return Ok(original::Message::of_item(entry).map(original::ServerFrame::Add));
    };
    let item = log.item(target)?;
    Ok(item.map(|item| {
        let message = original::Message::of_item(&item);
        original::ServerFrame::Update(message.unwrap_or_else(|| original::Message::deleted(&item.id)))
    }))
}

/// Tells a client that something of its was not taken.
pub fn tell_fault(log: &Log, to: &Connection, fault: Fault) {
    let told = match Wire::of(to) {
        Some(Wire::Original) => {
            // Whoever is sent away for what it goes on sending costs no history.
            let wanted = original::Refusal::wants_history(&fault) && to.is_open();
            let messages = if wanted { original_history(log).ok() } else { None };
            to.send_json(&original::ServerFrame::Error(original::Refusal { fault, messages }))
        }
        _ => to.send_json(&ServerFrame::<(), ()>::Error(fault)),
    };
    // A fault is a few texts, which can always be written.
    let _always: Result<(), Error> = told;
}

/// The newest messages as the original client gets them.
///
/// # Errors
///
/// When the database refuses.
pub fn original_history(log: &Log) -> Result<Vec<original::Message>> {
    let page = log.page(Direction::Newest, PageSize::default())?;
    Ok(page.entries.read()?.iter().filter_map(original::Message::of_item).collect())
}
