//! The steps of the world, and the promises that hold in each state.

use stateright::{Model, Property};

use crate::faults::{Faults, Flaw};
use crate::state::{Call, Client, Id, Message, Place, World};

/// The entries of a client are numbered from a multiple of this.
const IDS: u8 = 10;

/// The model.
#[derive(Clone, Debug)]
pub struct Relays {
    /// The number of relays.
    pub relays: usize,
    /// How many entries each client writes.
    pub writes: Vec<u8>,
    /// The faults that can happen.
    pub faults: Faults,
    /// What is wrong with the protocol: the promises must break then.
    pub flaw: Option<Flaw>,
}

/// A step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// A client connects to a relay. Any will do: nothing depends on which.
    Connect(usize, usize),
    /// A client writes.
    Write(usize),
    /// A client sends again what is not acknowledged.
    Resend(usize),
    /// A relay asks the hub for entries.
    Ask(usize),
    /// The hub pushes entries to a relay.
    Push(usize),
    /// A call arrives.
    Arrive(usize),
    /// A call is lost.
    Lose(usize),
    /// A call arrives, and will arrive again.
    Double(usize),
    /// A client's socket breaks.
    Break(usize),
    /// A client finds out that its socket is dead.
    Notice(usize),
    /// A relay's memory is lost.
    Sleep(usize),
    /// A relay's memory and sockets are lost.
    Crash(usize),
    /// A relay's memory is lost, and its sockets seem to be there.
    Haunt(usize),
    /// The hub's memory is lost.
    CrashHub,
    /// The hub writes down what every relay has.
    Note,
}

impl Model for Relays {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World { flaw: self.flaw, ..World::new(self.relays, &self.writes, self.faults) }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        steps.extend(steps_of(world));
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut world = before.clone();
        world.take(step);
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("a client has the beginning of the log, without gaps", |_, world: &World| {
                world.clients.iter().all(|client| world.log.starts_with(&client.seen))
            }),
            Property::always("an entry is in the log once", |_, world: &World| {
                world.log.iter().all(|id| world.log.iter().filter(|other| *other == id).count() == 1)
            }),
            Property::always("what was acknowledged is in the log", |_, world: &World| {
                world.clients.iter().flat_map(|client| &client.acknowledged).all(|id| world.log.contains(id))
            }),
            Property::always("a relay has what the log has", |_, world: &World| {
                let tails = world.relays.iter().filter_map(|relay| relay.tail.as_ref());
                tails.into_iter().all(|tail| world.log.get(tail.base..tail.end()) == Some(&tail.entries[..]))
            }),
            Property::always("no client is sent an entry with a gap before it", |_, world: &World| {
                !world.clients.iter().any(|client| client.missed)
            }),
            Property::always("when nothing is left to do, everyone has everything", |_, world: &World| {
                steps_of(world).iter().any(|step| is_bound_to_happen(*step)) || world.is_settled()
            }),
            Property::sometimes("everyone has everything", |_, world: &World| world.is_settled()),
        ]
    }
}

/// Returns whether a step happens by itself, sooner or later. Faults need not happen.
fn is_bound_to_happen(step: Step) -> bool {
    use Step::{Arrive, Ask, Connect, Notice, Push, Resend, Write};
    matches!(step, Connect(..) | Write(_) | Resend(_) | Ask(_) | Push(_) | Arrive(_) | Notice(_))
}

/// Returns the steps that are possible.
fn steps_of(world: &World) -> Vec<Step> {
    let mut steps = Vec::new();
    let faults = world.faults;
    for (number, client) in world.clients.iter().enumerate() {
        steps.extend(steps_of_client(world, number, client));
    }
    for (relay, memory) in world.relays.iter().enumerate() {
        let asks = world.relay_asks(relay).is_some();
        steps.extend(asks.then_some(Step::Ask(relay)));
        steps.extend(world.hub_pushes(relay).then_some(Step::Push(relay)));
        let its = |message: &Message| matches!(message, Message::Pull { relay: by, .. } | Message::Page { relay: by, .. } if *by == relay);
        // It does not sleep while it waits for something.
        let may_sleep = memory.tail.is_some() && !asks && !world.awaits(its);
        steps.extend((faults.sleeps > 0 && may_sleep).then_some(Step::Sleep(relay)));
        let has_sockets = world
            .clients
            .iter()
            .any(|client| matches!(client.at, Place::Live(at) | Place::Joining(at) if at == relay));
        steps.extend((faults.crashes > 0 && has_sockets).then_some(Step::Crash(relay)));
        steps.extend((faults.ghosts > 0 && has_sockets).then_some(Step::Haunt(relay)));
    }
    for (number, call) in world.calls.iter().enumerate() {
        if number > 0 && world.calls.get(number - 1) == Some(call) {
            continue;
        }
        steps.push(Step::Arrive(number));
        steps.extend((faults.lost > 0).then_some(Step::Lose(number)));
        steps.extend((faults.doubled > 0 && call.can_double()).then_some(Step::Double(number)));
    }
    steps.extend(
        (faults.hub > 0 && world.acked.iter().any(|acked| *acked > world.floor)).then_some(Step::CrashHub),
    );
    steps.extend((faults.notes > 0 && world.hub_floor() > world.floor).then_some(Step::Note));
    steps
}

fn steps_of_client(world: &World, number: usize, client: &Client) -> Vec<Step> {
    let mut steps = Vec::new();
    match client.at {
        Place::Nowhere => steps.extend((0..world.relays.len()).map(|relay| Step::Connect(number, relay))),
        Place::Ghost => steps.push(Step::Notice(number)),
        Place::Joining(_) | Place::Live(_) => {
            steps.extend((world.faults.broken > 0).then_some(Step::Break(number)));
            let its = |message: &Message| matches!(message, Message::Append { client, .. } | Message::Appended { client, .. } if *client == number);
            match client.pending {
                Some(_) if !world.awaits(its) => steps.push(Step::Resend(number)),
                None if client.left > 0 => steps.push(Step::Write(number)),
                _ => {}
            }
        }
    }
    steps
}

impl World {
    fn take(&mut self, step: Step) {
        match step {
            Step::Connect(client, relay) => {
                self.clients[client].at = Place::Joining(relay);
                self.relay_serves(relay);
            }
            Step::Write(number) => {
                let client = &mut self.clients[number];
                client.left -= 1;
                let id = Id::try_from(number).unwrap_or_default() * IDS + client.left;
                client.pending = Some(id);
                self.call(Message::Append { client: number, id });
            }
            Step::Resend(number) => {
                if let Some(id) = self.clients[number].pending {
                    self.call(Message::Append { client: number, id });
                }
            }
            Step::Ask(relay) => {
                if let Some(after) = self.relay_asks(relay) {
                    self.call(Message::Pull { relay, after });
                }
            }
            Step::Push(relay) => self.hub_push(relay),
            Step::Arrive(number) => {
                let call = self.calls.remove(number);
                self.arrive(call);
            }
            Step::Lose(number) => {
                self.faults.take(|faults| &mut faults.lost);
                self.calls.remove(number);
            }
            Step::Double(number) => {
                self.faults.take(|faults| &mut faults.doubled);
                let copy = Call { late: true, ..self.calls[number].clone() };
                self.calls.push(copy);
                self.calls.sort();
            }
            Step::Break(client) => {
                self.faults.take(|faults| &mut faults.broken);
                self.clients[client].at = Place::Nowhere;
            }
            Step::Notice(client) => self.clients[client].at = Place::Nowhere,
            Step::Sleep(relay) => {
                self.faults.take(|faults| &mut faults.sleeps);
                self.relay_sleeps(relay);
            }
            Step::Crash(relay) => {
                self.faults.take(|faults| &mut faults.crashes);
                self.relay_crashes(relay, Place::Nowhere);
            }
            Step::Haunt(relay) => {
                self.faults.take(|faults| &mut faults.ghosts);
                self.relay_crashes(relay, Place::Ghost);
            }
            Step::CrashHub => {
                self.faults.take(|faults| &mut faults.hub);
                self.hub_forgets();
            }
            Step::Note => {
                self.faults.take(|faults| &mut faults.notes);
                self.floor = self.hub_floor();
            }
        }
    }

    /// Has a call arrive. Nobody waits for the reply to a late one.
    fn arrive(&mut self, Call { message, late }: Call) {
        let reply = match message {
            Message::Push { relay, after, entries } => Some(self.relay_applies(relay, after, &entries)),
            Message::Pull { relay, after } => Some(self.hub_answers(relay, after)),
            Message::Append { client, id } => Some(self.hub_appends(client, id)),
            Message::Pushed { relay, has } => {
                self.hub_notes(relay, has);
                None
            }
            Message::Page { relay, after, entries } => {
                self.relay_reads(relay, after, &entries);
                None
            }
            Message::Appended { client, id } => {
                self.clients[client].acknowledge(id);
                None
            }
        };
        if let Some(reply) = reply.filter(|_| !late) {
            self.call(reply);
        }
    }

    /// Returns whether everyone has everything.
    fn is_settled(&self) -> bool {
        self.clients.iter().all(|client| {
            client.seen == self.log
                && client.pending.is_none()
                && client.left == 0
                && matches!(client.at, Place::Live(_))
        })
    }
}
