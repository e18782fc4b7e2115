//! Rooms with a long history, made in a second by a statement on their database instead of by talking.

use crate::Result;
use crate::contestant::Contestant;
use crate::crowd::arrive;
use crate::http;
use crate::server::Server;
use crate::setup::Setup;
use crate::wire;

/// Serves a contestant with a room for each size, named by it.
pub(super) async fn serve(
    setup: &Setup,
    contestant: Contestant,
    work: &str,
    sizes: &[usize],
) -> Result<Server> {
    let server = Server::metered(setup, contestant, work).await?;
    for size in sizes {
        // Somebody who comes in has the room make its tables.
        let path = wire::path(contestant, &room(*size), 0, None);
        arrive(&server, contestant, &path, None).await?.leave().await?;
        if *size > 0 {
            meter(&server, contestant, &room(*size), &filling(contestant, *size)).await?;
        }
    }
    server.unmetered(setup, contestant).await
}

/// Returns the name of the room with `size` messages.
pub(super) fn room(size: usize) -> String {
    format!("history-{size}")
}

/// The work of a room since its meter was last read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) statements: u64,
    pub(super) read: u64,
    pub(super) written: u64,
}

/// Asks the meter of a room: for `rows`, or to run a statement.
pub(super) async fn meter(
    server: &Server,
    contestant: Contestant,
    room: &str,
    asks: &str,
) -> Result<Counted> {
    let path = format!("/parties/{}/{room}", contestant.party());
    let answer = http::get_with(server.port, &path, &format!("bench-meter: {asks}\r\n")).await?;
    let counted = |what| {
        let number = wire::number_of(&answer, what);
        number.ok_or_else(|| format!("the meter of `{room}` answers: {answer}"))
    };
    Ok(Counted { statements: counted("statements")?, read: counted("read")?, written: counted("written")? })
}

/// When the first message of a history was taken, as near as its number.
const SINCE: u64 = 1_760_000_000_000;

/// Returns the position of a client that has the messages of a history up to one.
pub(super) fn position(epoch: &str, seq: u64) -> String {
    format!("{epoch}.{seq}.{}.history-{seq}", SINCE.saturating_add(seq))
}

/// Returns the statement that puts `size` messages into a room, each as large as those that are sent.
fn filling(contestant: Contestant, size: usize) -> String {
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {size})"
    );
    let content =
        "what a person writes into a chat room, in a line or two of about a hundred letters, as it was";
    match contestant {
        Contestant::Chat => format!(
            "INSERT INTO party_log (seq, id, author, at, body) {numbers} SELECT n, 'history-' || n, 'mAAAAAAAAAAAAAAAA', \
             {SINCE} + n, '{{\"content\":\"{content}\",\"user\":\"Member\",\"role\":\"user\"}}' FROM numbers"
        ),
        _ => format!(
            "INSERT INTO messages (id, user, role, content) {numbers} SELECT 'history-' || n, 'Member', 'user', '{content}' \
             FROM numbers"
        ),
    }
}
