//! The types of the frames: questions, names and commands. `client/protocol.ts` is generated from this file.

use serde::{Deserialize, Serialize};

/// A question as a member asks it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ask {
    /// The text: 1 to 500 characters.
    pub text: String,
}

/// A question as it is stored, and as everyone gets it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Question {
    /// The text.
    pub text: String,
    /// The name of the member who asked.
    pub by: String,
    /// The number of members that have upvoted it.
    pub votes: u32,
    /// Whether it was answered.
    pub answered: bool,
}

/// The name of a member: 1 to 40 characters.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Name {
    /// The name.
    pub name: String,
}

/// The commands on a question.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Upvote it. Each member counts once, however often it does.
    Upvote {
        /// The `seq` of the question.
        #[cfg_attr(test, ts(type = "number"))]
        question: u64,
    },
    /// Mark it as answered: for moderators.
    Answer {
        /// The `seq` of the question.
        #[cfg_attr(test, ts(type = "number"))]
        question: u64,
    },
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use ts_rs::{Config, TS};

    use super::*;

    #[test]
    fn the_types_of_typescript_match() {
        let config = Config::new();
        let types =
            [Ask::decl(&config), Question::decl(&config), Name::decl(&config), Command::decl(&config)];
        let types: String = types.iter().map(|decl| format!("export {decl}\n\n")).collect();
        let head = "// The types of the board's frames. Generated from src/protocol.rs by `cargo test -p board`.\n\n";
        let generated: String = format!("{head}{}", types.trim_end())
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("client/protocol.ts");
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(&path, &generated).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert_eq!(kept, generated, "run `UPDATE_GENERATED=1 cargo test -p board` and commit the result");
    }
}
