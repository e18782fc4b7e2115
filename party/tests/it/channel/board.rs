//! The app of these tests: a board of questions, with votes and notes.

use std::time::Duration;

use party::channel::{
    Attempt, Authentication, Channel, Context, Derives, Effect, Rules, Settings, channel_hooks,
};
use party::parts::invitations::Invitations;
use party::parts::limits::{LimitsOptions, Rate};
use party::parts::log::{PageSize, Retention};
use party::parts::moderation::Role;
use party::parts::wire::{Action, Entry, Json};
use party::testing::{MemberFrame, TestClient, TestMember, TestRoom};
use party::{
    Call, ConnectionContext, Error, ErrorCode, ErrorFrame, MemberId, Props, RemoteCall, Reply, Request,
    Response, Result, Room, Server, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::lines::Lines;
use crate::support::ROOM;

/// The app's tables: the notes of members, their votes, and the texts of all items by their `seq`.
const STEPS: &[&str] = &[
    "CREATE TABLE notes (member TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE TABLE votes (member TEXT NOT NULL, item INTEGER NOT NULL, UNIQUE (member, item))",
    "CREATE TABLE derived (seq INTEGER PRIMARY KEY, text TEXT)",
];

/// The name of the secret that is the operator key.
pub(super) const OPERATOR_KEY: &str = "OPERATOR_KEY";

/// Where the pinned text is.
const PINNED: &str = "pinned";

/// A code of the app's own.
pub(super) const VOTED: ErrorCode = ErrorCode::from_static("voted_already");

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Question {
    pub(super) text: String,
    pub(super) votes: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Command {
    /// Appends a question.
    Ask(String),
    /// One vote more for a question, which everybody sees.
    Vote(u64),
    /// Adds a vote to a question, and keeps its author private.
    VotePrivately(u64),
    /// Adds a vote to a question, which is counted in its summary.
    VoteSoon(u64),
    /// Counts the votes of a question again.
    Recount(u64),
    /// Deletes a question.
    Remove(u64),
    /// Notes something, which the member has as its own state.
    Note(String),
    /// Notes the time and the member's role.
    Stamp,
    /// Forgets all notes.
    Forget,
    /// Sends an event to everyone.
    Shout(String),
    /// Shows a text to everyone, or none.
    Pin(String),
    /// Sends an event to one member.
    Whisper(MemberId, String),
    /// Does all that, and is then refused.
    Refuse(u64),
    /// Does all that, and then fails.
    Fail(u64),
}

/// What a member may ask.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Query {
    /// The votes of a question.
    Votes(u64),
    /// Who asks.
    Me,
    /// Something that cannot be answered.
    Fail,
}

/// Commands for the room itself.
#[derive(Debug, Deserialize, Serialize)]
pub(super) enum Post {
    /// Appends a question.
    New { id: String, text: String },
    /// Gives a question another text.
    Change { id: String, target: u64, text: String },
    /// Removes everything.
    Clear,
    /// Shows everyone the pinned text again.
    Show,
    /// Gives a member a role.
    Role(MemberId, Role),
    /// Sets who may write.
    Writers(Role),
    /// Requires invitations, or lets everyone join again.
    InvitationOnly(bool),
    /// Makes a new key.
    NewInvitation,
    /// Moderates a member.
    Moderate(Action, MemberId),
    /// Sends an event to everyone, or to one member.
    Announce(Option<MemberId>, String),
}

impl Call for Post {
    type Reply = u64;
}

/// The props of a room of these tests.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) enum Mode {
    #[default]
    Plain,
    /// Drafts are reviewed for 100 milliseconds, then accepted or refused.
    ReviewOrAccept,
    ReviewOrRefuse,
    /// Members come with a token, `{member}.{expiry}`.
    Tokens,
    /// Only `typing` is sent on, and only moderators append.
    Strict,
    /// Three items and two changes are kept.
    Short,
    /// A page of the history has two items.
    Paged,
    /// Four members, two connections of each, and 40 frames from one address.
    Small,
    /// There is no founder.
    Leaderless,
    /// The room is destroyed an hour after it was last used.
    Mortal,
    /// The room is destroyed two hours after it was last used.
    Lasting,
}

/// The rules. `DERIVED` says whether they derive a table.
#[derive(Debug)]
pub(crate) struct Rulebook<const DERIVED: bool>(Mode);

impl<const DERIVED: bool> Rules for Rulebook<DERIVED> {
    type Draft = String;
    type Body = Question;
    type Introduction = String;
    type Profile = String;
    type Command = Command;

    fn settings(&self) -> Settings {
        let (settings, limit) = (Settings::default().operator_key(OPERATOR_KEY), Duration::from_millis(100));
        match self.0 {
            Mode::ReviewOrAccept => settings.review_or_accept(limit),
            Mode::ReviewOrRefuse => settings.review_or_refuse(limit),
            Mode::Strict => settings.ephemeral_kinds(["typing"]),
            Mode::Short => settings.retention(Retention::default().items(3).changes(2)),
            Mode::Paged => settings.page_size(PageSize { items: 2, ..PageSize::default() }),
            Mode::Small => {
                let per_address = Rate::new(40, Duration::from_secs(1));
                settings.limits(LimitsOptions::default().members(4).connections(2).per_address(per_address))
            }
            Mode::Leaderless => settings.founder(false),
            Mode::Mortal => settings.time_to_live(Duration::from_secs(3_600)),
            Mode::Lasting => settings.time_to_live(Duration::from_secs(2 * 3_600)),
            Mode::Plain | Mode::Tokens => settings,
        }
    }

    fn authenticate(&self, room: &Room, bearer: Option<&str>) -> Result<Authentication> {
        if self.0 != Mode::Tokens {
            return Ok(Authentication::anonymous());
        }
        match bearer {
            Some("suspended") => return Err(Error::client(ErrorCode::FORBIDDEN, "the account is suspended")),
            Some("fail") => return Err(Error::other("db-7 is down")),
            _ => {}
        }
        let invalid = || Error::client(ErrorCode::UNAUTHORIZED, "not a valid token");
        let (member, expires) = bearer.and_then(|token| token.split_once('.')).ok_or_else(invalid)?;
        let expires = Timestamp::from_millis(expires.parse().map_err(|_| invalid())?);
        match expires > room.now() {
            true => Ok(Authentication::member(MemberId::new(member)?).until(expires)),
            false => Err(Error::client(ErrorCode::EXPIRED, "the token has expired")),
        }
    }

    fn admit(&self, by: &Context<'_, Self>, context: &ConnectionContext) -> Result<()> {
        let invitations = Invitations::open(by.room())?;
        if by.is_moderator() { Ok(()) } else { invitations.admit(by.member(), context.invitation()) }
    }

    fn profile(&self, by: &Context<'_, Self>, introduction: Option<String>) -> Result<String> {
        match introduction {
            Some(name) if name.is_empty() => Err(Error::client(ErrorCode::INVALID, "a name is not empty")),
            Some(name) if name == "visitor" && !by.is_guest() => {
                Err(Error::client(ErrorCode::INVALID, "only guests are visitors"))
            }
            Some(name) => Ok(name),
            None => Ok(by.profile().cloned().unwrap_or_else(|| "Guest".to_owned())),
        }
    }

    fn body(&self, by: &Context<'_, Self>, draft: String, old: Option<Question>) -> Result<Question> {
        by.send_event(&("body", &draft))?;
        match draft.as_str() {
            "" => Err(Error::client(ErrorCode::EMPTY, "a question is not empty")),
            "fail" => Err(Error::other("db-7 is down")),
            "guests only" if !by.is_guest() => Err(Error::client(ErrorCode::INVALID, "you are not a guest")),
            "busy" => {
                Err(Error::client(ErrorCode::UNAVAILABLE, "try again").retry_after(Duration::from_secs(1)))
            }
            _ => Ok(Question { text: draft, votes: old.map_or(0, |old| old.votes) }),
        }
    }

    fn authorize(&self, by: &Context<'_, Self>, attempt: Attempt<'_>) -> Result<()> {
        match attempt {
            Attempt::Append if self.0 == Mode::Strict => by.require(Role::Moderator),
            _ => by.default_policy(attempt),
        }
    }

    fn command(&self, by: &Context<'_, Self>, command: Command) -> Result<Effect<Question>> {
        Ok(match command {
            Command::Ask(text) => Effect::Append(Question { text, votes: 0 }),
            Command::Vote(target) => Effect::amend(target, vote(by, target)?),
            Command::VotePrivately(target) => Effect::amend_privately(target, vote(by, target)?),
            Command::VoteSoon(target) => {
                vote(by, target)?;
                Effect::summarize(target)
            }
            Command::Recount(target) => Effect::summarize(target),
            Command::Remove(target) => Effect::Delete { target },
            Command::Note(text) => {
                note(by, &text)?;
                Effect::None
            }
            Command::Stamp => {
                note(by, &format!("{} {:?}", by.now().as_millis(), by.role()))?;
                Effect::None
            }
            Command::Forget => {
                by.sql().execute("DELETE FROM notes WHERE member = ?", (by.member(),))?;
                by.update_own();
                Effect::None
            }
            Command::Shout(text) => {
                by.send_event(&text)?;
                Effect::None
            }
            Command::Pin(text) => {
                pin(by, &text)?;
                Effect::None
            }
            Command::Whisper(member, text) => {
                by.send_event_to(&member, &text)?;
                Effect::None
            }
            Command::Refuse(target) => return Err(undone(by, target, Error::client(VOTED, "no"))),
            Command::Fail(target) => return Err(undone(by, target, Error::other("db-7 is down"))),
        })
    }

    fn summary(&self, room: &Room, seq: u64, question: Question) -> Result<Question> {
        if question.text == "uncountable" {
            return Err(Error::other("db-7 is down"));
        }
        let (votes,) = room.sql().query_one("SELECT count(*) FROM votes WHERE item = ?", (seq,))?;
        Ok(Question { votes, ..question })
    }

    fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
        let query = "SELECT text FROM notes WHERE member = ? ORDER BY rowid";
        let notes: Vec<(String,)> = by.sql().query(query, (by.member(),))?;
        let notes: Vec<String> = notes.into_iter().map(|(text,)| text).collect();
        if notes.is_empty() { Ok(None) } else { Json::of(&notes).map(Some) }
    }

    fn shared(&self, room: &Room) -> Result<Option<Json>> {
        room.storage().get(PINNED)
    }

    fn query(&self, by: &Context<'_, Self>, query: Json) -> Result<Json> {
        match query.read_input()? {
            Query::Votes(seq) => Json::of(&by.item(seq)?.body.votes),
            Query::Me => Json::of(by.member()),
            Query::Fail => Err(Error::other("db-7 is down")),
        }
    }

    fn derives(&self) -> Result<Derives> {
        Ok(if DERIVED { Derives::Entries } else { Derives::Nothing })
    }

    fn committed(&self, by: &Context<'_, Self>, entry: &Entry) -> Result<()> {
        let seq = i64::try_from(entry.target.unwrap_or(entry.seq)).map_err(Error::other)?;
        let question: Option<Question> = entry.body.as_ref().map(Json::read).transpose()?;
        let text = question.map(|question| question.text);
        let statement = "INSERT OR REPLACE INTO derived (seq, text) VALUES (?, ?)";
        by.sql().execute(statement, (seq, text.as_deref()))?;
        match text.as_deref() {
            Some("refused") => Err(Error::client(VOTED, "not in the index")),
            Some("broken") => Err(Error::other("the index is broken")),
            _ => Ok(()),
        }
    }

    async fn review(&self, by: &Context<'_, Self>, draft: &String) -> Result<()> {
        // `wait 30 text` takes 30 milliseconds.
        if let Some(rest) = draft.strip_prefix("wait ") {
            let millis = rest.split(' ').next().and_then(|millis| millis.parse().ok());
            by.room().sleep(Duration::from_millis(millis.unwrap_or_default())).await;
        }
        if draft.ends_with("rude") { Err(Error::client(ErrorCode::FORBIDDEN, "be polite")) } else { Ok(()) }
    }
}

/// Counts a vote, once for each member.
fn vote<R: Rules<Body = Question>>(by: &Context<'_, R>, target: u64) -> Result<Question> {
    let question = by.item(target)?.body;
    let item = i64::try_from(target).map_err(Error::other)?;
    let voted = by.sql().rows("SELECT 1 FROM votes WHERE member = ? AND item = ?", (by.member(), item))?;
    if !voted.is_empty() {
        return Err(Error::client(VOTED, "you have voted already"));
    }
    by.sql().execute("INSERT INTO votes (member, item) VALUES (?, ?)", (by.member(), item))?;
    Ok(Question { votes: question.votes + 1, ..question })
}

fn note<R: Rules>(by: &Context<'_, R>, text: &str) -> Result<()> {
    by.sql().execute("INSERT INTO notes (member, text) VALUES (?, ?)", (by.member(), text))?;
    by.update_own();
    Ok(())
}

fn pin<R: Rules>(by: &Context<'_, R>, text: &str) -> Result<()> {
    match text {
        "" => by.room().storage().delete(PINNED).map(drop)?,
        text => by.room().storage().put(PINNED, text)?,
    }
    by.update_shared();
    Ok(())
}

/// Does all that a command can do, and returns the error that undoes it.
fn undone<R: Rules<Body = Question>>(by: &Context<'_, R>, target: u64, error: Error) -> Error {
    let done = note(by, "undone")
        .and_then(|()| vote(by, target))
        .and_then(|_| by.send_event("undone"))
        .and_then(|()| pin(by, "undone"));
    done.err().unwrap_or(error)
}

/// A room with a board.
pub(crate) struct BoardRoom<const DERIVED: bool>(Channel<Rulebook<DERIVED>>);

impl<const DERIVED: bool> Server for BoardRoom<DERIVED> {
    async fn on_start(room: &Room, props: Props) -> Result<Self> {
        room.sql().migrate(STEPS)?;
        // A room that wakes up by a frame gets no props.
        let mode: Option<Mode> = props.get()?;
        if let Some(mode) = mode {
            room.storage().put("mode", &mode)?;
        }
        let mode = room.storage().get("mode")?.unwrap_or_default();
        Ok(Self(Channel::open(room, Rulebook(mode))?.protocol(Lines)?))
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        let (app, invitations) = (MemberId::new("app")?, Invitations::open(room)?);
        let write = async |post: Post| match post {
            Post::New { id, text } => self.0.append(&id, &app, &Question { text, votes: 0 }),
            Post::Change { id, target, text } => self.0.amend(&id, &app, target, |old| match text.as_str() {
                "" => Err(Error::client(ErrorCode::EMPTY, "a question is not empty")),
                _ => Ok(Question { text, ..old }),
            }),
            Post::Clear => self.0.clear().map(|()| 0),
            Post::Writers(role) => self.0.moderation().set_writers(role).map(|()| 0),
            Post::InvitationOnly(true) => invitations.require().map(|()| 0),
            Post::InvitationOnly(false) => invitations.end().map(|()| 0),
            Post::NewInvitation => invitations.renew().map(|()| 0),
            Post::Show => self.0.update_shared().map(|()| 0),
            Post::Moderate(action, member) => self.0.moderate_as_app(action, &member, None).map(|()| 0),
            Post::Role(member, role) => self.0.set_role(&member, role).map(|()| 0),
            Post::Announce(None, text) => self.0.send_event(&text).map(|()| 0),
            Post::Announce(Some(member), text) => self.0.send_event_to(&member, &text).map(|()| 0),
        };
        call.answer(write).await
    }

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.0.request(request).await
    }

    channel_hooks!(0);
}

pub(crate) type Board = BoardRoom<false>;
pub(crate) type Indexed = BoardRoom<true>;
pub(crate) type Member = TestMember<Rulebook<false>>;
pub(crate) type ClientFrame = MemberFrame<Rulebook<false>>;

/// Returns a room of this mode.
pub(crate) fn room(mode: Mode) -> TestRoom<Board> {
    let room = TestRoom::new(ROOM);
    room.set_props(&mode).unwrap();
    room
}

/// Returns a member that has joined.
pub(crate) fn join<S: Server>(room: &TestRoom<S>, id: &str) -> Member {
    let mut member = Member::new(id);
    member.join(room);
    member.read();
    member
}

pub(crate) fn batching<S: Server>(room: &TestRoom<S>, id: &str) -> Member {
    let mut member = Member::new(id).batching();
    member.join(room);
    member.read();
    member
}

/// Returns the texts and votes of all questions, after reading what has come.
pub(crate) fn shown(member: &mut Member) -> Vec<(String, u32)> {
    member.bodies().into_iter().map(|question| (question.text, question.votes)).collect()
}

/// Returns the texts of all questions, after reading what has come.
pub(crate) fn texts(member: &mut Member) -> Vec<String> {
    member.bodies().into_iter().map(|question| question.text).collect()
}

/// Returns the events of the app's commands, after reading what has come.
pub(crate) fn events(member: &mut Member) -> Vec<String> {
    member.read();
    member.events.drain(..).filter_map(|event| event.read().ok()).collect()
}

/// Returns how many rows a table has; none if there is no such table yet.
pub(crate) fn rows<S: Server>(room: &TestRoom<S>, table: &str) -> usize {
    if room.sql().rows("SELECT 1 FROM sqlite_schema WHERE name = ?", (table,)).unwrap().is_empty() {
        return 0;
    }
    room.sql().rows(&format!("SELECT 1 FROM {table}"), ()).unwrap().len()
}

/// Returns the error with which the room refuses a client, and the code with which it closes the connection.
pub(crate) fn refused(client: &TestClient) -> (ErrorFrame, u16) {
    let frames = client.received();
    assert_eq!(frames.len(), 1, "{frames:?}");
    (frames[0].read_json().unwrap(), client.closed().unwrap().code)
}
