//! No commands.

use serde::de::Deserializer;
use serde::{Deserialize, Serialize, Serializer};

/// The type of commands for an app without commands: every command is refused.
#[derive(Clone, Copy, Debug)]
pub enum NoCommand {}

impl Serialize for NoCommand {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> Deserialize<'de> for NoCommand {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("this room has no commands"))
    }
}
