//! The room: a channel, and the rules of this wall.

use party::channel::{Channel, Context, NoCommand, Rules, Settings, channel_hooks};
use party::{Error, ErrorCode, Props, Request, Response, Result, Room, Server, party};
use serde::{Deserialize, Serialize};

/// A wall of notes.
#[derive(Debug)]
#[party]
pub struct Wall {
    channel: Channel<Notes>,
}

impl Server for Wall {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { channel: Channel::open(room, Notes)? })
    }

    channel_hooks!(channel);

    /// Servers and operators: read, append, inspect, export. See `Channel::request`.
    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.channel.request(request).await
    }
}

/// A note, as a member sends it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Draft {
    /// The text of the note.
    pub text: String,
}

/// A note, as everybody gets it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Note {
    /// The text of the note.
    pub text: String,
    /// The name of its author.
    pub by: String,
}

/// The profile of a member.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
}

/// The rules of the wall.
#[derive(Debug)]
pub struct Notes;

impl Rules for Notes {
    type Draft = Draft;
    type Body = Note;
    type Introduction = Profile;
    type Profile = Profile;
    type Command = NoCommand;

    fn settings(&self) -> Settings {
        Settings::default().operator_key("OPERATOR_KEY")
    }

    fn profile(&self, by: &Context<'_, Self>, introduction: Option<Profile>) -> Result<Profile> {
        let Some(Profile { name }) = introduction else {
            return Ok(by.profile().cloned().unwrap_or_else(|| Profile { name: "Guest".to_owned() }));
        };
        let name = name.trim();
        match name.chars().count() {
            1..=40 => Ok(Profile { name: name.to_owned() }),
            _ => Err(Error::client(ErrorCode::INVALID, "a name has 1 to 40 characters")),
        }
    }

    fn body(&self, by: &Context<'_, Self>, draft: Draft, _old: Option<Note>) -> Result<Note> {
        let text = draft.text.trim();
        match text.len() {
            0 => Err(Error::client(ErrorCode::EMPTY, "a note says something")),
            1..=1_000 => {
                let by = by.profile().map(|profile| profile.name.clone()).unwrap_or_default();
                Ok(Note { text: text.to_owned(), by })
            }
            _ => Err(Error::client(ErrorCode::TOO_LARGE, "a note has at most 1,000 bytes")),
        }
    }
}

#[cfg(test)]
mod tests {
    use party::testing::{TestMember, TestRoom};

    use super::*;

    fn ada() -> TestMember<Notes> {
        TestMember::new("ada").introduced(&Profile { name: "Ada".to_owned() })
    }

    fn texts(member: &mut TestMember<Notes>) -> Vec<String> {
        member.bodies().into_iter().map(|note| format!("{}: {}", note.by, note.text)).collect()
    }

    #[test]
    fn a_note_reaches_everybody_and_is_there_after_a_crash() {
        let room = TestRoom::<Wall>::new("kitchen");
        let (mut ada, mut bob) = (ada(), TestMember::<Notes>::new("bob"));
        ada.join(&room);
        bob.join(&room);
        ada.append(Draft { text: " milk ".to_owned() });
        assert_eq!(texts(&mut bob), ["Ada: milk"]);

        room.crash();
        let mut cleo = TestMember::<Notes>::new("cleo");
        cleo.join(&room);
        assert_eq!(texts(&mut cleo), ["Ada: milk"]);
    }

    #[test]
    fn a_note_without_text_is_refused_and_nobody_gets_it() {
        let room = TestRoom::<Wall>::new("kitchen");
        let mut ada = ada();
        ada.join(&room);
        ada.append(Draft { text: "  ".to_owned() });
        assert_eq!(ada.error().code, ErrorCode::EMPTY);
        let mut bob = TestMember::<Notes>::new("bob");
        bob.join(&room);
        assert!(bob.bodies().is_empty());
    }
}
