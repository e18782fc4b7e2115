//! The room: a channel, and the rules of the board.

use party::channel::{Channel, Context, Effect, Rules, channel_hooks};
use party::parts::moderation::Role;
use party::parts::wire::Json;
use party::{Error, ErrorCode, Props, Result, Room, Server, party};

use crate::protocol::{Ask, Command, Name, Question};

/// The tables of the board, beside the channel's own.
const MIGRATIONS: &[&str] =
    &["CREATE TABLE votes (question INTEGER, member TEXT, PRIMARY KEY (member, question)) WITHOUT ROWID"];

/// A board of questions.
#[derive(Debug)]
#[party]
pub struct Board {
    channel: Channel<BoardRules>,
}

impl Server for Board {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(MIGRATIONS)?;
        Ok(Self { channel: Channel::open(room, BoardRules)? })
    }

    channel_hooks!(channel);
}

/// The rules of the board.
#[derive(Debug)]
pub struct BoardRules;

impl Rules for BoardRules {
    type Draft = Ask;
    type Body = Question;
    type Introduction = Name;
    type Profile = Name;
    type Command = Command;

    fn profile(&self, by: &Context<'_, Self>, introduction: Option<Name>) -> Result<Name> {
        match introduction {
            Some(Name { name }) => Ok(Name { name: checked(&name, 40)? }),
            None => Ok(by.profile().cloned().unwrap_or_else(|| Name { name: "Guest".to_owned() })),
        }
    }

    fn body(&self, by: &Context<'_, Self>, ask: Ask, old: Option<Question>) -> Result<Question> {
        let text = checked(&ask.text, 500)?;
        match old {
            Some(old) => Ok(Question { text, ..old }),
            None => {
                let by = by.profile().map(|profile| profile.name.clone()).unwrap_or_default();
                Ok(Question { text, by, votes: 0, answered: false })
            }
        }
    }

    fn command(&self, by: &Context<'_, Self>, command: Command) -> Result<Effect<Question>> {
        match command {
            Command::Upvote { question: seq } => {
                let question = by.item(seq)?.body;
                let vote =
                    "INSERT INTO votes (member, question) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1";
                if by.sql().rows(vote, (by.member(), seq))?.is_empty() {
                    return Ok(Effect::None);
                }
                by.update_own();
                let votes = question.votes.saturating_add(1);
                Ok(Effect::amend_privately(seq, Question { votes, ..question }))
            }
            Command::Answer { question: seq } => {
                by.require(Role::Moderator)?;
                Ok(Effect::amend(seq, Question { answered: true, ..by.item(seq)?.body }))
            }
        }
    }

    /// Returns the questions that the member has upvoted: the newest 1,000 of them.
    fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
        let query = "SELECT question FROM votes WHERE member = ? ORDER BY question DESC LIMIT 1000";
        let voted: Vec<(u64,)> = by.sql().query(query, (by.member(),))?;
        Json::of(&voted.iter().map(|(seq,)| seq).collect::<Vec<_>>()).map(Some)
    }
}

/// Returns a text without the space around it, if it is not empty and not too long.
fn checked(text: &str, max_chars: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(max_chars).is_some() || text.contains(char::is_control) {
        let error = format!("a text has 1 to {max_chars} characters, none of them a control character");
        return Err(Error::client(ErrorCode::INVALID, error));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests;
