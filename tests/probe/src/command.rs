//! The commands of the probe, in JSON.

use std::collections::BTreeMap;

use party::{Row, Value};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::bucket::Call;
use crate::worker::Question;

/// One command.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Command {
    Echo {
        text: String,
    },
    Starts,
    Uri,
    Tags,
    State,
    SetState {
        state: Json,
    },
    FillState {
        bytes: usize,
    },
    Connections {
        tag: Option<String>,
    },
    Find {
        id: String,
    },
    Broadcast {
        text: String,
        #[serde(default)]
        except: bool,
        tag: Option<String>,
    },
    Sql {
        query: String,
        #[serde(default)]
        params: Params,
    },
    /// Runs statements; the reply is how many rows the last that changes rows has changed.
    Count {
        query: String,
    },
    Transaction {
        queries: Vec<String>,
        fail: bool,
        /// Sets the alarm in it, this many milliseconds from now.
        alarm: Option<u64>,
        /// Gives keys these values in it.
        #[serde(default)]
        values: BTreeMap<String, Json>,
    },
    /// Gives a key a value.
    Put {
        key: String,
        value: Json,
    },
    Get {
        key: String,
    },
    Delete {
        key: String,
    },
    /// The keys that begin so, and their values.
    List {
        prefix: String,
    },
    /// Does something with the bucket.
    Bucket {
        call: Call,
    },
    /// Calls another room, and tells what came of it.
    Call {
        /// `probe` if it is not given.
        #[serde(default = "probe")]
        party: String,
        /// The end of the other room's name: it begins with that of this one.
        to: String,
        question: Question,
        /// Has the other room ask this one.
        #[serde(default)]
        back: bool,
    },
    Close {
        id: String,
        code: u16,
        #[serde(default)]
        reason: String,
    },
    Alarm {
        after: u64,
    },
    ClearAlarm,
    AlarmDue,
    /// Sets a job that fails this often.
    Job {
        key: String,
        after: u64,
        #[serde(default)]
        fails: u32,
    },
    CancelJob {
        key: String,
    },
    JobDue {
        key: String,
    },
    /// Has the platform answer heartbeats.
    Heartbeat {
        ping: String,
        pong: String,
    },
    /// Closes the connections that were silent for some milliseconds, after a pause.
    Sweep {
        timeout: u64,
        after: u64,
    },
    Later {
        text: String,
    },
    /// Deletes the room.
    Destroy,
    Fail,
    FailNextStart,
    SlowNextStart,
    Name,
    Foreign,
}

fn probe() -> String {
    "probe".to_owned()
}

/// Parameters of a statement: JSON, with `{"blob": [1, 2]}` for bytes and `{"integer": "9007199254740993"}` for an
/// integer that JSON readers would round.
#[derive(Default, Deserialize)]
pub(crate) struct Params(Vec<Param>);

#[derive(Deserialize)]
#[serde(untagged)]
enum Param {
    Null,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(String),
    Exact { integer: String },
    Blob { blob: Vec<u8> },
}

impl Params {
    pub(crate) fn into_values(self) -> Vec<Value> {
        self.0.into_iter().map(Param::into_value).collect()
    }
}

impl Param {
    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => value.into(),
            Self::Integer(value) => value.into(),
            Self::Real(value) => value.into(),
            Self::Text(value) => value.into(),
            Self::Exact { integer } => integer.parse::<i64>().map_or(Value::Null, Value::Integer),
            Self::Blob { blob } => blob.into(),
        }
    }
}

/// Returns a row in JSON, each value under the name of its type.
pub(crate) fn shown(row: Row<'_>) -> Json {
    let values = row.values().iter().map(|value| match value {
        Value::Null => Json::Null,
        Value::Integer(value) => json!({"integer": value}),
        Value::Real(value) => json!({"real": value}),
        Value::Text(value) => json!({"text": value}),
        Value::Blob(value) => json!({"blob": value}),
    });
    Json::Array(values.collect())
}
