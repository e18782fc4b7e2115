//! The party: what happens when somebody joins a room, says something, and leaves.

use std::cell::Cell;
use std::time::Duration;

use party::parts::batch::Batch;
use party::parts::ephemeral::Ephemeral;
use party::parts::heartbeat::Heartbeat;
use party::parts::identity::Identity;
use party::parts::jobs::{Job, Jobs, When};
use party::parts::limits::Limits;
use party::parts::log::{Log, Retention};
use party::parts::moderation::Moderation;
use party::parts::presence::Presence;
use party::{
    Close, CloseCode, Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party,
};

use crate::deed::{self, Deed};
use crate::protocol::{BATCH, MAX_FRAME_BYTES, SINGLY, Wire, takes_batches};

mod enter;
mod originals;
mod parts;

/// How long messages are collected under load.
const WINDOW: Duration = Duration::from_millis(4);

/// How long nothing may be heard of a connection: a page in the background pings once a minute, and browsers may delay that by
/// another. (A page in front pings every ten seconds, so its own side notices a dead line much sooner.)
const SILENCE: Duration = Duration::from_secs(150);

/// How often dead connections are looked for while something goes on in the room anyway, in milliseconds.
const LOOK_EVERY: u64 = 30_000;

/// The job that looks for them in a quiet room, its key, and how often it does while somebody is there: pings wake nobody, this
/// does.
const SWEEP: (&str, &str) = ("sweep", "all");
const SWEEP_EVERY: Duration = Duration::from_secs(300);

/// How soon it goes on when there is more to remove than it does at once.
const SWEEP_ON: Duration = Duration::from_secs(1);

/// How many entries a room keeps: even if each is as long as it can be, they have a place in the room's 10 GB. A content of 8,192
/// bytes, all of them quotes, is 16,384 bytes of JSON; with name, id and author, in pages of 4 KiB, and with the index of ids that is
/// less than 18 KB for each, 9 GB together.
const KEPT_ENTRIES: u64 = 500_000;

/// A chat room.
#[derive(Debug)]
#[party]
pub struct Chat {
    log: Log,
    identity: Identity,
    moderation: Moderation,
    presence: Presence,
    ephemeral: Ephemeral,
    limits: Limits,
    batch: Batch<Vec<Deed>>,
    heartbeat: Heartbeat,
    /// When dead connections were last looked for.
    looked_at: Cell<u64>,
    /// Whether a sweep is known to be set.
    sweeps: Cell<bool>,
    jobs: Jobs,
}

/// Whoever has said something, as the room knows them.
struct Sender<'a> {
    from: &'a Connection,
    member: String,
    address: Option<String>,
}

impl Server for Chat {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let (jobs, audience) = (Jobs::open(room)?, Tag::new(Wire::Parts.tag())?);
        let heartbeat = Heartbeat::new().timeout(SILENCE);
        heartbeat.open(room)?;
        Ok(Self {
            log: Log::open(room)?,
            identity: Identity::open(room)?,
            moderation: Moderation::open(room)?,
            presence: Presence::open(room, &jobs).audience(audience.clone()),
            ephemeral: Ephemeral::new().audience(audience),
            limits: Limits::new().frame_bytes(MAX_FRAME_BYTES),
            batch: Batch::new(WINDOW),
            heartbeat,
            looked_at: Cell::new(room.now()),
            sweeps: Cell::new(false),
            jobs,
        })
    }

    async fn connection_tags(
        &self,
        _room: &Room,
        who: &Connection,
        _context: &ConnectionContext,
    ) -> Result<Vec<Tag>> {
        let Some(wire) = Wire::of(who) else { return Ok(Vec::new()) };
        let frames = match wire {
            Wire::Parts if takes_batches(who) => Some(BATCH),
            Wire::Parts => Some(SINGLY),
            Wire::Original => None,
        };
        [wire.tag()].into_iter().chain(frames).map(Tag::new).collect()
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        match Wire::of(who) {
            Some(Wire::Parts) => self.welcome(room, who, context),
            Some(Wire::Original) => self.welcome_original(room, who, context),
            None => {
                who.close(CloseCode::BAD_REQUEST, "This room speaks the wires 1 and 2");
                Ok(())
            }
        }
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        if room.now().saturating_sub(self.looked_at.get()) > LOOK_EVERY {
            self.close_dead(room)?;
        }
        // Whom the room did not let in says nothing: its close is under way.
        let Some((member, address)) = Identity::who(from)? else { return Ok(()) };
        let sender = Sender { from, member, address };
        match Wire::of(from) {
            Some(Wire::Parts) => self.hear(room, &sender, &message).await,
            _ => self.hear_original(room, &sender, &message).await,
        }
    }

    async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
        self.presence.leave(who)
    }

    async fn on_alarm(&self, room: &Room) -> Result<()> {
        let work = async |job: &Job| match self.presence.handle(job)? {
            true => Ok(()),
            false => self.sweep(room),
        };
        self.jobs.run(work).await
    }
}

impl Chat {
    /// Puts the room in order, and does so again later while somebody is there.
    fn sweep(&self, room: &Room) -> Result<()> {
        self.sweeps.set(false);
        let more = self.log.prune(Retention::default().entries(KEPT_ENTRIES), room.now())?;
        self.close_dead(room)?;
        match (more, room.connections().is_empty()) {
            (true, _) => self.sweep_after(SWEEP_ON),
            (false, false) => self.sweep_after(SWEEP_EVERY),
            (false, true) => Ok(()),
        }
    }

    /// Sees to it that the room is put in order while somebody is there.
    fn sweep_at_times(&self) -> Result<()> {
        if self.sweeps.get() {
            return Ok(());
        }
        if self.jobs.due(SWEEP.0, SWEEP.1)?.is_none() {
            return self.sweep_after(SWEEP_EVERY);
        }
        self.sweeps.set(true);
        Ok(())
    }

    /// Closes connections of which nothing is heard any more.
    fn close_dead(&self, room: &Room) -> Result<()> {
        self.looked_at.set(room.now());
        for dead in self.heartbeat.sweep(room) {
            self.presence.lost(&dead)?;
        }
        Ok(())
    }

    fn sweep_after(&self, delay: Duration) -> Result<()> {
        self.jobs.set(SWEEP.0, SWEEP.1, When::after(delay), &())?;
        self.sweeps.set(true);
        Ok(())
    }

    /// Commits what a member does and tells everyone: at once, or under load together with what comes within the same few
    /// milliseconds if its client takes part in that.
    async fn commit(&self, room: &Room, from: &Connection, deeds: Vec<Deed>) -> Result<()> {
        if deeds.is_empty() {
            return Ok(());
        }
        if !from.has_tag(BATCH) {
            return deed::commit(room, &self.log, deeds);
        }
        match self.batch.gather(room, deeds).await {
            Some(together) => deed::commit(room, &self.log, together.into_iter().flatten().collect()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
