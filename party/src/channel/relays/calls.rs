//! The calls between the hub of a large room and its relays.
//!
//! Both can be of different builds for some minutes after a deployment: every field that a later build adds has a
//! default, and a call that is not understood is an error to its caller, which tries again.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorFrame};
use crate::parts::log::{Caught, Position};
use crate::parts::moderation::Standing;
use crate::parts::wire::{Entries, Json};
use crate::router::call::Call;
use crate::{CloseCode, MemberId};

/// What the hub tells a relay.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToRelay {
    News(Box<News>),
}

impl Call for ToRelay {
    type Reply = Told;
}

/// What a relay asks the hub.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToHub {
    /// The news, and all that a relay must know.
    Follow(Follow),
    /// What brings one client up to date that the relay cannot.
    CatchUp(Option<Position>),
    /// Whether a member may join.
    Admit(Box<Admit>),
    /// That a member has proved who it is, while the room has no founder.
    Claim(MemberId),
    /// To handle what clients have sent.
    Act(Act),
}

impl Call for ToHub {
    type Reply = FromHub;
}

/// How many are connected to a relay, and what it has heard.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct Report {
    /// A later report has a greater number: a time in milliseconds, or more.
    pub(super) number: u64,
    pub(super) members: usize,
    pub(super) connections: usize,
    /// The activation of the hub that it has heard of.
    pub(super) hub: Option<u64>,
    /// The number of members and of relays that it has heard of.
    pub(super) heard: Option<(usize, u32)>,
}

/// Which relay it is, and how far it is.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Follow {
    pub(super) relay: u32,
    pub(super) report: Report,
    /// The first change of the hub's that it has not heard of.
    pub(super) change: u64,
    /// The last entry that it has.
    pub(super) have: Option<Position>,
    /// The state that it knows, by the number of its changes.
    pub(super) version: Option<u64>,
}

/// A member that wants to join.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Admit {
    pub(super) member: MemberId,
    pub(super) uri: String,
    pub(super) headers: Vec<(String, String)>,
}

/// What clients of a relay have sent.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Act {
    pub(super) follow: Follow,
    pub(super) clients: Vec<Acting>,
}

/// What one client has sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Acting {
    /// Its connection, by a number of the relay's.
    pub(super) client: u64,
    pub(super) member: MemberId,
    pub(super) address: Option<String>,
    /// The address of its connection, with what it says of itself.
    pub(super) uri: String,
    /// What it has said of itself since.
    pub(super) introduction: Option<Json>,
    pub(super) frames: Vec<Json>,
}

/// The hub's answer.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FromHub {
    News(Box<News>),
    Caught(Caught),
    /// Whether everyone is let in, so that the next members need not be asked for.
    Admitted {
        everyone: bool,
    },
    Refused(Refusal),
    Claimed,
    Acted(Box<Acted>),
}

/// What the hub has done with what clients have sent. The news come first: what is in an answer may be in them.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Acted {
    pub(super) news: News,
    pub(super) answers: Vec<Answers>,
}

/// The answers to one client.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Answers {
    pub(super) client: u64,
    pub(super) frames: Vec<Json>,
    /// The first of its operations that was refused for a while, and for how many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refused: Option<(String, u64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) close: Option<(u16, String)>,
    /// The frame with which it has said of itself what was accepted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) introduced: Option<String>,
}

/// What is new for a relay.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct News {
    /// The activation of the hub, which numbers what is not in the log. A later one has a greater number.
    pub(super) hub: u64,
    /// The number of these news among those of this activation: what is older says nothing but entries.
    pub(super) number: u64,
    /// The last report that the hub has heard of the relay.
    pub(super) heard: u64,
    /// The entry before the first of `entries`.
    pub(super) after: Position,
    pub(super) entries: Entries,
    /// Whether the relay's entries are not those before `after`, so that its clients must come again.
    #[serde(default)]
    pub(super) broken: bool,
    /// The number of the first of `changes`.
    #[serde(default)]
    pub(super) first_change: u64,
    #[serde(default)]
    pub(super) changes: Vec<Change>,
    /// How often the state has changed.
    #[serde(default)]
    pub(super) version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<Box<State>>,
    /// The number of members in the room.
    pub(super) members: usize,
    /// The number of relays.
    pub(super) relays: u32,
}

/// A change of what is not in the log, in the order of the log.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Change {
    /// The last entry before it.
    pub(super) at: u64,
    pub(super) kind: ChangeKind,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::channel) enum ChangeKind {
    Standing(MemberId, Standing),
    Kick(MemberId),
    Shared(Json),
    Own(MemberId, Json),
    Event(Option<MemberId>, Json),
}

/// All that a relay must know to let members in.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct State {
    /// The key of the room, which proves secrets.
    pub(super) key: String,
    pub(super) standings: Vec<(MemberId, Standing)>,
    pub(super) shared: Option<Json>,
}

/// The relay's answer to news.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Told {
    pub(super) report: Report,
    /// The last entry that it has and that its clients were sent.
    pub(super) have: Option<Position>,
    /// The addresses of members that a moderator has banned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) addresses: Vec<(MemberId, String)>,
}

/// An error for a client, on its way.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Refusal {
    error: ErrorFrame,
    close: Option<u16>,
}

impl Refusal {
    pub(super) fn of(error: &Error) -> Self {
        Self { error: ErrorFrame::from(error), close: error.close_code().map(CloseCode::as_u16) }
    }

    pub(super) fn error(self) -> Error {
        let error = self.error.into_error();
        match self.close.and_then(|code| CloseCode::new(code).ok()) {
            Some(code) => error.closing(code),
            None => error,
        }
    }
}
