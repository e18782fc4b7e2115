//! The relays of large rooms: which object of a room a client is led to.

use worker::js_sys::{Date, Math};
use worker::{Request, Response};

use super::answer::refusal;
use super::{Lobby, header};
use crate::connection::query_value;
use crate::host::ID_PARAMETER;
use crate::host::errand::relays_of;
use crate::name::place::{Plans, client_key};
use crate::parts::wire::VERSION_PARAMETER;
use crate::router::subprotocol;
use crate::timestamp::Timestamp;

/// How often a client is led on: from the room to a relay, or back, and once more where that changes meanwhile.
const ATTEMPTS: u32 = 4;

thread_local! {
    /// What this worker remembers of rooms.
    static PLANS: Plans = Plans::default();
}

/// A client that wants to connect to a channel.
pub(super) struct Visitor {
    key: String,
}

impl Visitor {
    /// Returns the client that sends a request, if relays are for it.
    pub(super) fn of(request: &Request) -> worker::Result<Option<Self>> {
        let is_upgrade =
            header(request, "Upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
        let uri = request.inner().url();
        if !is_upgrade || query_value(&uri, VERSION_PARAMETER).is_none() {
            return Ok(None);
        }
        let protocols = header(request, "Sec-WebSocket-Protocol")?.unwrap_or_default();
        let key = client_key(subprotocol::bearer_of(&protocols), query_value(&uri, ID_PARAMETER).as_deref());
        Ok(Some(Self { key: key.unwrap_or_else(random) }))
    }

    /// Asks the object to which the client belongs, as far as this worker knows, and then where that one leads.
    pub(super) async fn find(
        &self,
        lobby: &Lobby,
        ask: impl AsyncFn(&str) -> worker::Result<Response>,
    ) -> worker::Result<Response> {
        let room = lobby.room.as_str();
        let known = format!("{}/{}/{room}", lobby.binding, lobby.party);
        for _ in 0..ATTEMPTS {
            let object = PLANS.with(|plans| plans.object(&known, room, &self.key, now()));
            let mut response = ask(&object).await?;
            if response.status_code() != MOVED {
                return Ok(response);
            }
            let Some(relays) = relays_of(MOVED, &response.text().await?) else { break };
            PLANS.with(|plans| plans.learn(&known, relays, now()));
        }
        refusal(503, "The room is moving, try again")
    }
}

/// The status of an answer that leads on.
const MOVED: u16 = 421;

/// Returns a key for a client that names nothing: any relay will do.
fn random() -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is less than 2^53")]
    let number = (Math::random() * 9e15) as u64;
    number.to_string()
}

fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time is a whole number")]
    Timestamp::from_millis(Date::now() as u64)
}
