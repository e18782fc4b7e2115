//! The party: what happens when somebody joins a room, says something, and leaves.

use std::time::Duration;

use party::parts::batch::Batch;
use party::parts::ephemeral::Ephemeral;
use party::parts::identity::Identity;
use party::parts::jobs::Jobs;
use party::parts::limits::Limits;
use party::parts::log::Log;
use party::parts::moderation::Moderation;
use party::parts::presence::Presence;
use party::{
    Close, CloseCode, Connection, ConnectionContext, Message, Props, Result, Room, Server, Tag, party,
};

use crate::deed::{self, Deed};
use crate::protocol::{BATCH, MAX_FRAME_BYTES, Wire, takes_batches};

mod enter;
mod originals;
mod parts;

/// How long messages are collected under load.
const WINDOW: Duration = Duration::from_millis(4);

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
    jobs: Jobs,
}

impl Server for Chat {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let (jobs, audience) = (Jobs::open(room)?, Tag::new(Wire::Parts.tag())?);
        Ok(Self {
            log: Log::open(room)?,
            identity: Identity::open(room)?,
            moderation: Moderation::open(room)?,
            presence: Presence::open(room, &jobs).audience(audience.clone()),
            ephemeral: Ephemeral::new().audience(audience),
            limits: Limits::new().frame_bytes(MAX_FRAME_BYTES),
            batch: Batch::new(WINDOW),
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
        let batch = (wire == Wire::Parts && takes_batches(who)).then_some(BATCH);
        [wire.tag()].into_iter().chain(batch).map(Tag::new).collect()
    }

    async fn on_connect(&self, room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        match Wire::of(who) {
            Some(Wire::Parts) => self.welcome(room, who, context).await,
            Some(Wire::Original) => self.welcome_original(room, who, context).await,
            None => {
                who.close(CloseCode::BAD_REQUEST, "This room speaks the wires 1 and 2");
                Ok(())
            }
        }
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        // Whom the room did not let in says nothing: its close is under way.
        let Some(member) = Identity::member(from)? else { return Ok(()) };
        match Wire::of(from) {
            Some(Wire::Parts) => self.hear(room, from, member, &message).await,
            _ => self.hear_original(room, from, member, &message).await,
        }
    }

    async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
        self.presence.leave(who).await
    }

    async fn on_alarm(&self, _room: &Room) -> Result<()> {
        self.jobs.run(async |job| self.presence.handle(job).await.map(drop)).await
    }
}

impl Chat {
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
