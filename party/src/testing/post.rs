//! The way of calls between rooms, and what goes wrong on it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::world::{CallFault, CallFaults};
use crate::platform::memory::{Answered, Chance, Mailbox, Outgoing, World};
use crate::platform::{Address, unreachable};
use crate::timestamp::Timestamp;

/// Carries calls and their answers.
pub(super) struct Post {
    world: Rc<World>,
    chance: Chance,
    pub(super) faults: Cell<CallFaults>,
    /// The faults of the next calls to some rooms.
    next: RefCell<Vec<(Address, CallFault)>>,
    /// The calls that are held back, by their ends.
    held: RefCell<BTreeMap<(Address, Address), Vec<Outgoing>>>,
    /// What arrives later, by its time and the order in which it was sent.
    on_the_way: RefCell<BTreeMap<(Timestamp, u64), Parcel>>,
    sent: Cell<u64>,
}

/// What is carried.
pub(super) enum Parcel {
    Call(Outgoing, WayBack),
    Answer(Rc<Mailbox>, Answered),
}

/// What becomes of the answer to a call.
#[derive(Clone, Copy)]
pub(super) enum WayBack {
    /// It comes back, or is late by chance.
    Open,
    /// It is lost, and the caller is told.
    Lost,
    /// It never comes back.
    Silent,
}

/// The answer that a room is about to give. The caller learns also that there is none: if the room is reset before it
/// has answered.
pub(super) struct Due {
    post: Rc<Post>,
    from: Address,
    to: Rc<Mailbox>,
    way_back: WayBack,
    is_sent: bool,
}

impl Post {
    pub(super) fn new(world: Rc<World>, seed: u64) -> Self {
        Self {
            world,
            chance: Chance::of_room(seed, "", ""),
            faults: Cell::default(),
            next: RefCell::default(),
            held: RefCell::default(),
            on_the_way: RefCell::default(),
            sent: Cell::default(),
        }
    }

    /// Has something happen to the next call to a room.
    pub(super) fn set_next(&self, to: Address, fault: CallFault) {
        self.next.borrow_mut().push((to, fault));
    }

    /// Holds back the calls of a room to another from now on.
    pub(super) fn hold(&self, from: Address, to: Address) {
        self.held.borrow_mut().entry((from, to)).or_default();
    }

    /// Lets the calls of a room to another go on. Returns those that were held back.
    pub(super) fn release(&self, from: &Address, to: &Address) -> Vec<Outgoing> {
        self.held.borrow_mut().remove(&(from.clone(), to.clone())).unwrap_or_default()
    }

    /// Sends a call. Returns what arrives at once.
    pub(super) fn send(&self, call: Outgoing) -> Vec<Parcel> {
        if let Some(held) = self.held.borrow_mut().get_mut(&(call.from.clone(), call.to.clone())) {
            held.push(call);
            return Vec::new();
        }
        let chosen = {
            let mut next = self.next.borrow_mut();
            next.iter().position(|(to, _)| *to == call.to).map(|place| next.remove(place).1)
        };
        match chosen {
            Some(fault) => self.send_with(call, fault),
            None => {
                let copies = if self.chance.happens(self.faults.get().double) { 2 } else { 1 };
                (0..copies).flat_map(|_| self.send_by_chance(call.clone())).collect()
            }
        }
    }

    /// Sends a call that meets one fault for sure.
    fn send_with(&self, call: Outgoing, fault: CallFault) -> Vec<Parcel> {
        match fault {
            CallFault::Lose => {
                lose(&call, "the call was lost");
                Vec::new()
            }
            CallFault::LoseAnswer => vec![Parcel::Call(call, WayBack::Lost)],
            CallFault::Double => {
                vec![Parcel::Call(call.clone(), WayBack::Open), Parcel::Call(call, WayBack::Open)]
            }
            CallFault::Delay(time) => {
                self.send_later(time, Parcel::Call(call, WayBack::Open));
                Vec::new()
            }
            CallFault::Hang => vec![Parcel::Call(call, WayBack::Silent)],
        }
    }

    /// Sends a call that meets faults by chance. Returns it if it arrives at once.
    fn send_by_chance(&self, call: Outgoing) -> Option<Parcel> {
        let faults = self.faults.get();
        if self.chance.happens(faults.lose) {
            lose(&call, "the call was lost");
            return None;
        }
        let hangs = self.chance.happens(faults.hang);
        if hangs && self.chance.happens(0.5) {
            // It never arrives either.
            return None;
        }
        let way_back = match (hangs, self.chance.happens(faults.lose_answer)) {
            (true, _) => WayBack::Silent,
            (false, true) => WayBack::Lost,
            (false, false) => WayBack::Open,
        };
        self.send_soon(Parcel::Call(call, way_back))
    }

    /// Sends what may be late by chance. Returns it if it arrives at once.
    fn send_soon(&self, parcel: Parcel) -> Option<Parcel> {
        let (probability, longest) = self.faults.get().delay;
        if !self.chance.happens(probability) {
            return Some(parcel);
        }
        self.send_later(longest.mul_f64(self.chance.fraction()), parcel);
        None
    }

    fn send_later(&self, time: Duration, parcel: Parcel) {
        let number = self.sent.replace(self.sent.get().wrapping_add(1));
        self.on_the_way.borrow_mut().insert((self.world.now.get() + time, number), parcel);
    }

    /// Returns the way back of an answer that the room `from` is about to give.
    pub(super) fn answer(self: &Rc<Self>, from: Address, to: Rc<Mailbox>, way_back: WayBack) -> Due {
        Due { post: Rc::clone(self), from, to, way_back, is_sent: false }
    }

    /// Returns what arrives by now, the earliest first.
    pub(super) fn next_arrived(&self) -> Option<Parcel> {
        let mut on_the_way = self.on_the_way.borrow_mut();
        let first = on_the_way.first_entry()?;
        (first.key().0 <= self.world.now.get()).then(|| first.remove())
    }

    /// Returns when the next parcel arrives.
    pub(super) fn next_moment(&self) -> Option<Timestamp> {
        self.on_the_way.borrow().keys().next().map(|(due, _)| *due)
    }
}

impl Due {
    /// Sends the answer.
    pub(super) fn send(mut self, answer: Answered) {
        self.is_sent = true;
        match self.way_back {
            WayBack::Open => {
                if let Some(Parcel::Answer(to, answer)) =
                    self.post.send_soon(Parcel::Answer(Rc::clone(&self.to), answer))
                {
                    to.put(answer);
                }
            }
            WayBack::Lost => self.to.put(Err(unreachable(&self.from.object, &"its answer was lost"))),
            WayBack::Silent => {}
        }
    }
}

impl Drop for Due {
    fn drop(&mut self) {
        if !self.is_sent && !matches!(self.way_back, WayBack::Silent) {
            self.to.put(Err(unreachable(&self.from.object, &"it was reset before it has answered")));
        }
    }
}

fn lose(call: &Outgoing, why: &str) {
    call.mailbox.put(Err(unreachable(&call.to.object, &why)));
}
