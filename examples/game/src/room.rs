//! The party: the seats, the moves, and the clock of players who do not move.

use std::cell::RefCell;

use party::parts::identity::Identity;
use party::{Close, Connection, ConnectionContext, Error, Message, Props, Result, Room, Server, party};

use crate::dice::Dice;
use crate::protocol::{ClientFrame, SPECTATOR, ServerFrame, View};
use crate::rules::Side;
use crate::table::Table;
use crate::view::Presence;

/// A room with one game.
#[derive(Debug)]
#[party]
pub struct Game {
    /// Recognises the members, players and spectators alike. A seat belongs to a member.
    identity: Identity,
    /// The table as it is stored.
    table: RefCell<Table>,
}

impl Server for Game {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let table = Table::load(room.sql())?;
        // The clock is stored with the game; an alarm that has got lost is set again.
        if let (Some(deadline), None) = (table.deadline, room.alarm().due().await?) {
            room.alarm().set_at(deadline)?;
        }
        Ok(Self { identity: Identity::open(room)?, table: RefCell::new(table) })
    }

    /// Seats a player: a returning one has the old seat, a member who wants to play gets a free one, and all others
    /// watch.
    async fn on_connect(
        &self,
        room: &Room,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<()> {
        let admission = self.identity.admit(connection, context)?;
        let seated = self.table.borrow().side_of(&admission.member);
        let side = match seated {
            None if context.query("play").is_some() => self.sit(room, &admission.member)?,
            seated => seated,
        };
        connection.send_json(&ServerFrame::Welcome { side, secret: admission.secret })?;
        self.send_views(room)?;
        self.set_clock(room)
    }

    /// Checks and stores a move, and only then sends it to everyone. An error is sent to the player alone.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let table = self.after_move(room, from, &message)?;
        self.keep(room, table)?;
        self.send_views(room)?;
        self.set_clock(room)
    }

    async fn on_close(&self, room: &Room, _connection: &Connection, _close: Close) -> Result<()> {
        self.send_views(room)
    }

    /// Plays a random move for a player who is late. An alarm that comes too early or twice only sets the clock.
    async fn on_alarm(&self, room: &Room) -> Result<()> {
        let mut table = self.table.borrow().clone();
        if table.play_if_late(&mut dice(room), room.now()) {
            self.keep(room, table)?;
            self.send_views(room)?;
        }
        self.set_clock(room)
    }
}

impl Game {
    /// Gives a member a seat, if one is free. Nothing is awaited in between, so nobody else gets the same one.
    fn sit(&self, room: &Room, member: &str) -> Result<Option<Side>> {
        let mut table = self.table.borrow().clone();
        let side = table.sit(member, &self.presence(room)?.online, &mut dice(room), room.now());
        if side.is_some() {
            self.keep(room, table)?;
        }
        Ok(side)
    }

    /// Returns the table as it is after a player's move.
    fn after_move(&self, room: &Room, from: &Connection, message: &Message) -> Result<Table> {
        let side = self.side_of(from)?.ok_or_else(|| Error::client(SPECTATOR, "you are watching"))?;
        let frame = ClientFrame::read(message)?;
        let mut table = self.table.borrow().clone();
        table.play(side, frame, &mut dice(room), room.now())?;
        Ok(table)
    }

    /// Stores the table; only then it counts.
    fn keep(&self, room: &Room, table: Table) -> Result<()> {
        table.save(room.sql())?;
        self.table.replace(table);
        Ok(())
    }

    /// Sends to each client what its member may see.
    fn send_views(&self, room: &Room) -> Result<()> {
        let (table, presence, now) = (self.table.borrow(), self.presence(room)?, room.now());
        for viewer in [None, Some(Side::Coral), Some(Side::Teal)] {
            let view = View::of(&table, viewer, &presence, now);
            let may_see = |connection: &Connection| self.side_of(connection).is_ok_and(|side| side == viewer);
            room.broadcast_json(&ServerFrame::View(view))?.filter(may_see).send();
        }
        Ok(())
    }

    fn set_clock(&self, room: &Room) -> Result<()> {
        let deadline = self.table.borrow().deadline;
        match deadline {
            Some(deadline) => room.alarm().set_at(deadline),
            None => room.alarm().clear(),
        }
    }

    /// Returns the side that the member of a connection plays; `None` for a spectator.
    fn side_of(&self, connection: &Connection) -> Result<Option<Side>> {
        let member = Identity::member(connection)?;
        Ok(member.and_then(|member| self.table.borrow().side_of(&member)))
    }

    fn presence(&self, room: &Room) -> Result<Presence> {
        let mut presence = Presence::default();
        for connection in room.connections() {
            match self.side_of(&connection)? {
                Some(side) => *presence.online.of_mut(side) = true,
                None => presence.spectators = presence.spectators.saturating_add(1),
            }
        }
        Ok(presence)
    }
}

/// Returns truly random dice, so that nobody can predict a fleet.
fn dice(room: &Room) -> Dice {
    let mut seed = [0; 8];
    room.random(&mut seed);
    Dice::new(u64::from_le_bytes(seed))
}

#[cfg(test)]
mod tests;
