//! What outlives the memory of one room.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Chance, Database, Network, World};
use crate::error::Result;
use crate::gate::Gate;
use crate::observe::{Level, Record};
use crate::timestamp::Timestamp;

/// All of a room that is not in its memory.
pub(crate) struct Durable {
    pub(crate) world: Rc<World>,
    pub(crate) party: String,
    pub(crate) name: Option<String>,
    pub(crate) alarm: Cell<Option<Timestamp>>,
    /// The sleeping tasks, by their times and, at one time, in the order in which they fell asleep.
    sleepers: RefCell<BTreeMap<(Timestamp, u64), Rc<Gate>>>,
    /// How many tasks have fallen asleep.
    slept: Cell<u64>,
    pub(crate) network: RefCell<Network>,
    pub(crate) database: Database,
    pub(crate) log: RefCell<Vec<Record>>,
    pub(super) chance: Chance,
}

impl Durable {
    pub(crate) fn new(
        world: Rc<World>,
        party: &str,
        name: Option<String>,
        chance: Chance,
    ) -> Result<Rc<Self>> {
        Ok(Rc::new(Self {
            world,
            party: party.to_owned(),
            name,
            alarm: Cell::new(None),
            sleepers: RefCell::default(),
            slept: Cell::default(),
            network: RefCell::default(),
            database: Database::new()?,
            log: RefCell::default(),
            chance,
        }))
    }

    /// Returns the errors among what the room has logged.
    pub(crate) fn errors(&self) -> Vec<String> {
        let log = self.log.borrow();
        log.iter().filter(|record| record.level == Level::Error).map(ToString::to_string).collect()
    }

    /// Returns a gate that opens at this time.
    pub(super) fn wakes_at(&self, time: Timestamp) -> Rc<Gate> {
        let gate = Rc::new(Gate::default());
        let number = self.slept.replace(self.slept.get().wrapping_add(1));
        self.sleepers.borrow_mut().insert((time, number), Rc::clone(&gate));
        gate
    }

    /// Returns when the next sleeper wakes.
    pub(crate) fn next_sleeper(&self) -> Option<Timestamp> {
        self.sleepers.borrow().keys().next().map(|(due, _)| *due)
    }

    /// Wakes those whose moment has come, in the order of their moments.
    pub(crate) fn wake_sleepers(&self) {
        let due = {
            let mut sleepers = self.sleepers.borrow_mut();
            let later = sleepers.split_off(&(self.world.now.get(), u64::MAX));
            std::mem::replace(&mut *sleepers, later)
        };
        due.values().for_each(|gate| gate.open());
    }

    /// Forgets the sleeping tasks: their activation is over.
    pub(crate) fn forget_sleepers(&self) {
        self.sleepers.take();
    }
}
