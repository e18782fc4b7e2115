//! The party: what happens when somebody comes, points somewhere, or leaves.
//!
//! A member's number is in the connection's state: set once, and there again when a sleeping room wakes. Where everybody
//! points is in memory only, since to keep it with the connection would be a write for each of very many moves. When the room
//! has forgotten it, the next who comes makes the room ask.

use std::cell::RefCell;
use std::collections::BTreeMap;

use party::http::StatusCode;
use party::{
    Close, Connection, ConnectionContext, Error, Message, Props, Result, Room, Server, Timestamp, party,
};

use crate::pace::Pace;
use crate::wire::{Member, Number, Point, Told};

/// How many may be in one room. A room handles about 1,000 events a second: forty people who never rest, or a hundred who
/// do now and then.
pub const MOST_MEMBERS: usize = 100;

/// A page on which everyone sees where the others point.
#[derive(Debug, Default)]
#[party]
pub struct Cursors {
    /// A cache: empty when the room wakes.
    seen: RefCell<BTreeMap<Number, Seen>>,
}

/// What is known of a member in this life of the room.
#[derive(Debug, Default)]
struct Seen {
    at: Option<Point>,
    pace: Pace,
}

impl Server for Cursors {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self::default())
    }

    /// Who comes gets a number and hears who is here; the others hear who came. A connection that this one replaces, since it
    /// has the same id, counts no more.
    async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        let mut others = members(room)?;
        others.retain(|(other, _)| other.id() != who.id());
        if others.len() >= MOST_MEMBERS {
            return Err(Error::refuse(StatusCode::SERVICE_UNAVAILABLE, "the room is full"));
        }
        let number = free_number(&others);
        who.set_state(&number)?;
        self.seen.borrow_mut().insert(number, Seen::default());
        let you = Member::new(number, None);
        who.send_json(&Told::Welcome { you, others: self.told_of(&others) })?;
        room.broadcast_json(&Told::Join { member: you })?.except(who).send();
        self.ask_forgotten(&others)
    }

    /// A move reaches all others, unless it is one too many.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let point = Point::read(&message)?;
        let Some(number) = from.state::<Number>()? else { return Ok(()) };
        if self.moved(number, point, room.now()) {
            room.broadcast(point.told_of(number)).except(from).send();
        }
        Ok(())
    }

    /// The others hear who left, unless the number is somebody's already: that of a replaced connection is free before its
    /// client has noticed.
    async fn on_close(&self, room: &Room, who: &Connection, _close: Close) -> Result<()> {
        let Some(number) = who.state::<Number>()? else { return Ok(()) };
        if members(room)?.iter().any(|(_, other)| *other == number) {
            return Ok(());
        }
        self.seen.borrow_mut().remove(&number);
        room.broadcast_json(&Told::Leave { number })?.send();
        Ok(())
    }
}

impl Cursors {
    /// Remembers a move; whether the others are to hear of it. One too many is remembered all the same: who comes later is
    /// told the last.
    fn moved(&self, number: Number, point: Point, now: Timestamp) -> bool {
        let mut seen = self.seen.borrow_mut();
        let seen = seen.entry(number).or_default();
        seen.at = Some(point);
        seen.pace.allows(now)
    }

    /// The members as they are told, each where it was seen last.
    fn told_of(&self, of: &[(Connection, Number)]) -> Vec<Member> {
        let seen = self.seen.borrow();
        let member = |number| Member::new(number, seen.get(&number).and_then(|seen| seen.at));
        of.iter().map(|(_, number)| member(*number)).collect()
    }

    /// Asks those where they are of whom nothing is known in this life of the room; their answers are moves as any other.
    fn ask_forgotten(&self, of: &[(Connection, Number)]) -> Result<()> {
        let mut seen = self.seen.borrow_mut();
        for (connection, number) in of {
            if !seen.contains_key(number) {
                seen.insert(*number, Seen::default());
                connection.send_json(&Told::Where)?;
            }
        }
        Ok(())
    }
}

/// Everyone who is here and has a number, by their numbers.
fn members(room: &Room) -> Result<Vec<(Connection, Number)>> {
    let numbered = |member: Connection| Ok(member.state()?.map(|number| (member, number)));
    let members = room.connections().into_iter().filter_map(|member| numbered(member).transpose());
    let mut members: Vec<_> = members.collect::<Result<_>>()?;
    members.sort_unstable_by_key(|(_, number)| *number);
    Ok(members)
}

/// The smallest number that nobody has.
fn free_number(others: &[(Connection, Number)]) -> Number {
    let is_free = |number: &Number| others.iter().all(|(_, other)| other != number);
    (1..=Number::MAX).find(is_free).unwrap_or(Number::MAX)
}

#[cfg(test)]
mod tests;
