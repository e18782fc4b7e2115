//! The party: who gets a seat, and what happens when a player moves, or does not.

use std::cell::RefCell;

use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party};
use serde::{Deserialize, Serialize};

use crate::dice::Dice;
use crate::protocol::{ClientFrame, ErrorCode, Refusal, ServerFrame, View};
use crate::rules::{Pair, Side};
use crate::table::Table;
use crate::view::Presence;

/// The tag of those who watch.
const SPECTATOR: Tag = Tag::from_static("spectator");

/// A room with one game.
#[derive(Debug)]
#[party]
pub struct Game {
    /// The table as it is stored.
    table: RefCell<Table>,
}

/// Who a connection is, kept with it.
///
/// A tag would not do for a player: clients choose their ids, an id is a tag too, and somebody would call themselves `coral`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
struct Role {
    side: Option<Side>,
}

impl Server for Game {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let table = Table::load(room.sql())?;
        // The clock is stored with the game; an alarm that has got lost is set again.
        if let (Some(deadline), None) = (table.deadline, room.alarm().due().await?) {
            room.alarm().set_at(deadline)?;
        }
        Ok(Self { table: RefCell::new(table) })
    }

    /// Whoever shows a token has its seat, whoever wants to play gets a free one, all others watch.
    async fn connection_tags(
        &self,
        room: &Room,
        who: &Connection,
        context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        let token = context.query("token").unwrap_or_default();
        let returning = self.table.borrow().seat_of(&token);
        let side = match returning {
            None if context.query("play").is_some() => self.seat(room)?,
            known => known,
        };
        who.set_state(&Role { side })?;
        if side.is_some() { Ok(Vec::new()) } else { Ok(vec![SPECTATOR]) }
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        let side = side_of(who)?;
        let token = side.and_then(|side| self.table.borrow().tokens.of(side).clone());
        let is_told = context.query("token").as_deref() == token.as_deref();
        who.send_json(&ServerFrame::Welcome { side, token: token.filter(|_| !is_told) })?;
        self.tell_everyone(room)?;
        self.set_clock(room)
    }

    /// A move is checked, stored, and only then everyone hears of it.
    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let table = match self.moved(room, from, &message)? {
            Ok(table) => table,
            Err(refusal) => return from.send_json(&ServerFrame::Error(refusal)),
        };
        if let Err(error) = self.keep(room, table) {
            let refusal = Refusal::new(ErrorCode::Internal, "the room failed, try again");
            from.send_json(&ServerFrame::Error(refusal))?;
            return Err(error);
        }
        self.tell_everyone(room)?;
        self.set_clock(room)
    }

    async fn on_close(&self, room: &Room, _who: &Connection, _close: party::Close) -> Result<()> {
        self.tell_everyone(room)
    }

    /// The clock has run out: chance plays for who is late. An alarm that comes too early or twice only sets the clock.
    async fn on_alarm(&self, room: &Room) -> Result<()> {
        let mut table = self.table.borrow().clone();
        if table.play_if_late(&mut dice(room), room.now()) {
            self.keep(room, table)?;
            self.tell_everyone(room)?;
        }
        self.set_clock(room)
    }
}

impl Game {
    /// Gives a newcomer a seat, if one is free. Without an await, so that nobody else gets the same one meanwhile.
    fn seat(&self, room: &Room) -> Result<Option<Side>> {
        let mut table = self.table.borrow().clone();
        let side = table.sit(&token(room), &presence(room)?.online, &mut dice(room), room.now());
        if side.is_some() {
            self.keep(room, table)?;
        }
        Ok(side)
    }

    /// The table as it is after what somebody asks for, or why it cannot be.
    fn moved(&self, room: &Room, from: &Connection, message: &Message) -> Result<Result<Table, Refusal>> {
        let Some(side) = side_of(from)? else {
            return Ok(Err(Refusal::new(ErrorCode::Spectator, "you are watching")));
        };
        let mut table = self.table.borrow().clone();
        let moved = ClientFrame::read(message)
            .and_then(|frame| table.play(side, frame, &mut dice(room), room.now()).map_err(Refusal::from));
        Ok(moved.map(|()| table))
    }

    /// Stores the table; only then it counts.
    fn keep(&self, room: &Room, table: Table) -> Result<()> {
        table.save(room.sql())?;
        self.table.replace(table);
        Ok(())
    }

    /// Sends everyone what they may see.
    fn tell_everyone(&self, room: &Room) -> Result<()> {
        let (table, presence, now) = (self.table.borrow(), presence(room)?, room.now());
        let view = |viewer| ServerFrame::View(View::of(&table, viewer, &presence, now));
        room.broadcast_json(&view(None))?.to_tag(SPECTATOR).send();
        for connection in room.connections() {
            if let Some(side) = side_of(&connection)? {
                connection.send_json(&view(Some(side)))?;
            }
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
}

fn side_of(connection: &Connection) -> Result<Option<Side>> {
    Ok(connection.state::<Role>()?.unwrap_or_default().side)
}

fn presence(room: &Room) -> Result<Presence> {
    let mut presence = Presence { online: Pair::default(), spectators: 0 };
    for connection in room.connections() {
        match side_of(&connection)? {
            Some(side) => *presence.online.of_mut(side) = true,
            None => presence.spectators = presence.spectators.saturating_add(1),
        }
    }
    Ok(presence)
}

/// Dice from true chance, so that nobody foresees a fleet.
fn dice(room: &Room) -> Dice {
    let mut seed = [0; 8];
    room.random(&mut seed);
    Dice::new(u64::from_le_bytes(seed))
}

/// A secret of 128 bits, in hexadecimal digits.
fn token(room: &Room) -> String {
    let mut secret = [0; 16];
    room.random(&mut secret);
    format!("{:032x}", u128::from_le_bytes(secret))
}

#[cfg(test)]
mod tests;
