//! The party: clients join, move their cursors, and leave.
//!
//! A member's number is its presence: kept with the connection, and there again when a sleeping room wakes. Where the
//! members point is in memory only, since to store it would be a write for each of very many moves. A room that has
//! lost it asks for it when the next member joins.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use party::parts::jobs::Jobs;
use party::parts::limits::{Limits, LimitsOptions, Rate, Rates};
use party::parts::presence::{Presence, PresenceOptions};
use party::parts::wire::ServerFrame;
use party::{
    Close, Connection, ConnectionContext, ConnectionId, MemberId, Message, Props, Result, Room, Server, party,
};

use crate::wire::{Number, Point, RoomFrame};

/// The largest number of members of a room. A room handles about 1,000 events a second: forty people who never rest, or
/// a hundred who do now and then.
pub const MAX_MEMBERS: usize = 100;

/// The moves of one member that are sent on at once. The page sends 25 a second; two seconds' worth may arrive together
/// when the network has held them up.
pub const MOVES: u32 = 50;

/// After how long one more is sent on: 50 a second.
pub const MOVE_EVERY: Duration = Duration::from_millis(20);

/// The time for which a member without a connection keeps its number and its cursor: longer than the page takes to
/// reconnect.
pub const GRACE: Duration = Duration::from_secs(2);

/// A page on which everyone sees where the others point.
#[derive(Debug)]
#[party]
pub struct Cursors {
    jobs: Jobs,
    presence: Presence,
    limits: Limits,
    moves: Rates,
    /// A cache: empty when the room wakes. It has one entry for each number that was ever in use at the same time.
    seen: RefCell<BTreeMap<Number, Seen>>,
}

/// The data of a member in this activation of the room.
#[derive(Debug)]
struct Seen {
    /// Only its own client knows the id, and offers it again when it reconnects.
    id: ConnectionId,
    at: Option<Point>,
}

impl Server for Cursors {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let jobs = Jobs::open(room)?;
        Ok(Self {
            presence: Presence::open(
                room,
                &jobs,
                PresenceOptions::default().grace(GRACE).roster_up_to(MAX_MEMBERS),
            )?,
            jobs,
            limits: Limits::open(room, LimitsOptions::default().members(MAX_MEMBERS))?,
            moves: Rates::new(Rate::new(MOVES, MOVE_EVERY)),
            seen: RefCell::default(),
        })
    }

    /// Sends a new client its number, the roster, and the positions of all cursors. The others are sent the new member.
    async fn on_connect(
        &self,
        room: &Room,
        connection: &Connection,
        _context: &ConnectionContext,
    ) -> Result<()> {
        let number = match self.number_before(connection.id())? {
            Some(number) => number,
            None => self.new_number(connection.id())?,
        };
        connection.send_json(&RoomFrame::Welcome { number })?;
        self.presence.join(connection, &member(number)?, &number)?;
        connection.send(&ServerFrame::Presence(self.presence.roster()?));
        self.send_places(connection, number)?;
        self.ask_for_lost_places(room)
    }

    /// Sends a move to all others, unless it is one too many. Such a move is remembered anyway: a member who joins
    /// later is sent the last one.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let point = Point::read(&message)?;
        let Some(number) = Presence::data::<Number>(from)? else { return Ok(()) };
        self.seen.borrow_mut().insert(number, Seen { id: from.id().clone(), at: Some(point) });
        if self.moves.take(from.id().as_str(), room.now()).is_ok() {
            room.broadcast(point.frame_of(number)).except(from).send();
        }
        Ok(())
    }

    async fn on_close(&self, _room: &Room, connection: &Connection, _close: Close) -> Result<()> {
        self.presence.leave(connection)
    }

    /// Ends the grace of a member.
    async fn on_alarm(&self, _room: &Room) -> Result<()> {
        self.jobs.run(async |job| self.presence.handle(job).map(drop)).await
    }
}

impl Cursors {
    /// Returns the number of a client that reconnects in its grace, or before the room has noticed that it was gone.
    fn number_before(&self, id: &ConnectionId) -> Result<Option<Number>> {
        for (number, _) in self.seen.borrow().iter().filter(|(_, seen)| seen.id == *id) {
            if self.presence.is_here(&member(*number)?)? {
                return Ok(Some(*number));
            }
        }
        Ok(None)
    }

    /// Admits a new member under the smallest number that nobody has.
    fn new_number(&self, id: &ConnectionId) -> Result<Number> {
        self.limits.admit(self.presence.count()?)?;
        let mut number: Number = 1;
        while self.presence.is_here(&member(number)?)? {
            number = number.saturating_add(1);
        }
        self.seen.borrow_mut().insert(number, Seen { id: id.clone(), at: None });
        Ok(number)
    }

    /// Sends a client where the others point, as their moves.
    fn send_places(&self, connection: &Connection, own: Number) -> Result<()> {
        for (number, seen) in self.seen.borrow().iter().filter(|(number, _)| **number != own) {
            if let Some(point) = seen.at
                && self.presence.is_here(&member(*number)?)?
            {
                connection.send(point.frame_of(*number));
            }
        }
        Ok(())
    }

    /// Asks members for places that this activation does not know. Their answers are moves like any other.
    fn ask_for_lost_places(&self, room: &Room) -> Result<()> {
        let mut seen = self.seen.borrow_mut();
        for connection in room.connections() {
            if let Some(number) = Presence::data::<Number>(&connection)?
                && !seen.contains_key(&number)
            {
                seen.insert(number, Seen { id: connection.id().clone(), at: None });
                connection.send_json(&RoomFrame::Where)?;
            }
        }
        Ok(())
    }
}

/// Returns the member that has a number.
fn member(number: Number) -> Result<MemberId> {
    MemberId::new(&number.to_string())
}

#[cfg(test)]
mod tests;
