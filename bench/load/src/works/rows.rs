//! Rows that are billed.

use super::history::meter;
use super::{Findings, Ledger, Work};
use crate::Result;
use crate::contestant::Contestant::{self, Chat, Peer};
use crate::crowd::{Crowd, arrive};
use crate::figure::Limit::AtMost;
use crate::figure::{Figure, Unit};
use crate::server::Server;
use crate::setup::Setup;
use crate::wire;

/// How many messages are said, and how many join; more than one page is in the room by then.
const MESSAGES: usize = 200;
const JOINS: usize = 10;

/// The measurements.
const WRITTEN: &str = "Rows written per message";
const READ: &str = "Rows read per message";
const STATEMENTS: &str = "Statements per message";
const JOIN_STATEMENTS: &str = "Statements per join and leaving";
const JOIN_WRITTEN: &str = "Rows written per join and leaving";
const JOIN_READ: &str = "Rows read per join and leaving";

/// Rows read and written for a message, and for somebody who joins.
pub(crate) struct Rows;

impl Work for Rows {
    const NAME: &'static str = "rows";
    const TITLE: &'static str = "Rows that are billed";
    const ABOUT: &'static str = "As the cursors of all statements of the room tell it (`rowsRead`, `rowsWritten`), in a room with 200 messages. What the \
         platform bills besides, such as for setting an alarm, is not in it.";

    async fn measure(setup: &Setup) -> Result<Findings> {
        let mut ledger = Ledger::default();
        for contestant in [Chat, Peer] {
            let server = Server::metered(setup, contestant, Self::NAME).await?;
            count(&server, contestant, &mut ledger).await?;
        }
        let figure = |what| {
            let rounds = |contestant| ledger.rounds(what, (contestant, 0));
            let ours = Figure::new(what, Unit::Count, Chat.name(), rounds(Chat));
            let ours = if what == WRITTEN { ours.limit(AtMost(2.0)) } else { ours };
            ours.versus(Peer.name(), rounds(Peer), None)
        };
        let all = [WRITTEN, READ, STATEMENTS, JOIN_WRITTEN, JOIN_READ, JOIN_STATEMENTS];
        Ok(all.map(figure).to_vec().into())
    }
}

async fn count(server: &Server, contestant: Contestant, ledger: &mut Ledger) -> Result<()> {
    let mut crowd = Crowd::gather(server, contestant, "room", 10, 10).await?;
    crowd.say(0, 1).await?;
    crowd.hear().await?;
    meter(server, contestant, "room", "rows").await?;
    for turn in 1..MESSAGES {
        crowd.say(turn % crowd.len(), 1).await?;
        crowd.hear().await?;
    }
    let messages = meter(server, contestant, "room", "rows").await?;
    for joining in 0..JOINS {
        let path = wire::path(contestant, "room", 10 + joining, None);
        arrive(server, contestant, &path, None).await?.leave().await?;
    }
    let joins = meter(server, contestant, "room", "rows").await?;
    let said = MESSAGES - 1;
    for (what, rows, things) in [
        (STATEMENTS, messages.statements, said),
        (READ, messages.read, said),
        (WRITTEN, messages.written, said),
        (JOIN_STATEMENTS, joins.statements, JOINS),
        (JOIN_READ, joins.read, JOINS),
        (JOIN_WRITTEN, joins.written, JOINS),
    ] {
        ledger.note(what, (contestant, 0), rows as f64 / things as f64);
    }
    Ok(())
}
