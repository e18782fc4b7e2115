//! A member of a [channel](crate::channel) in a test: a client of the protocol, with all that a good client does.

mod connect;
mod frames;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::TestClient;
use crate::ErrorFrame;
use crate::channel::Rules;
use crate::parts::log::Position;
use crate::parts::wire::{self, Ack, ClientFrame, Entry, Json, Role, ServerFrame, Welcome};

/// A frame that a member sends.
pub type MemberFrame<R> = ClientFrame<<R as Rules>::Draft, <R as Rules>::Introduction, <R as Rules>::Command>;

/// A frame that a member receives.
pub type RoomFrame<R> = ServerFrame<<R as Rules>::Body, <R as Rules>::Profile>;

/// A member of a channel. It applies the frames that it receives in their order, keeps what is not acknowledged and
/// sends it again after each welcome, resumes from its position, proves its secret, and panics when it sees a gap in
/// the log.
///
/// Frames are applied when the test says so, by [`read`](Self::read): so a test decides what a client knows when its
/// connection breaks.
///
/// In the examples of its methods, the items and the profiles of the room `Pad` are texts, by the rules `Notes`.
///
/// # Example
///
/// ```
/// use party::channel::{Channel, Context, NoCommand, Rules, channel_hooks};
/// use party::testing::{TestMember, TestRoom};
/// use party::{Props, Result, Room, Server};
///
/// struct Notes;
///
/// impl Rules for Notes {
///     type Draft = String;
///     type Body = String;
///     type Introduction = ();
///     type Profile = ();
///     type Command = NoCommand;
///
///     fn profile(&self, _by: &Context<'_, Self>, _: Option<()>) -> Result<()> {
///         Ok(())
///     }
///
///     fn body(&self, _by: &Context<'_, Self>, draft: String, _old: Option<String>) -> Result<String> {
///         Ok(draft)
///     }
/// }
///
/// struct Pad(Channel<Notes>);
///
/// impl Server for Pad {
///     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
///         Ok(Self(Channel::open(room, Notes)?))
///     }
///
///     channel_hooks!(0);
/// }
///
/// let room = TestRoom::<Pad>::new("pad");
/// let (mut ada, mut bob) = (TestMember::<Notes>::new("ada"), TestMember::<Notes>::new("bob"));
/// ada.join(&room);
/// bob.join(&room);
/// ada.append("milk".to_owned());
/// bob.vanish();
/// ada.append("bread".to_owned());
/// room.crash();
/// bob.join(&room);
/// assert_eq!(bob.bodies(), ["milk", "bread"]);
/// ```
pub struct TestMember<R: Rules> {
    /// The id of its connections.
    pub id: String,
    /// Its member in the room, after the welcome.
    pub member: String,
    /// Its role, once it was welcomed.
    pub role: Role,
    /// The milliseconds for which it may not write, as the room has sent it.
    pub muted_for: Option<u64>,
    /// The secret that proves its identity.
    pub secret: Option<String>,
    /// The `seq` of the last entry that it knows.
    pub head: u64,
    /// The items that it knows.
    pub items: BTreeMap<u64, Entry<R::Body>>,
    /// Whether there are items before those that it knows.
    pub older: bool,
    /// Whether the last welcome had exactly what it had missed.
    pub recovered: bool,
    /// The number of entries in the last welcome.
    pub caught: usize,
    /// The members that are present.
    pub roster: BTreeMap<String, R::Profile>,
    /// The number of members that are present, once it was told.
    pub count: Option<usize>,
    /// The frames that it has sent and that are not acknowledged, in that order.
    pub outbox: Vec<(String, MemberFrame<R>)>,
    /// The ids that were acknowledged, each with its `seq` if it has one.
    pub acknowledged: BTreeMap<String, Option<u64>>,
    /// The errors that it has received.
    pub errors: Vec<ErrorFrame>,
    /// The app's own state of the member.
    pub own: Option<Json>,
    /// The app's own state of the room.
    pub shared: Option<Json>,
    /// The app's events.
    pub events: Vec<Json>,
    position: Option<Position>,
    query: Vec<(String, String)>,
    invitation: Option<String>,
    batching: bool,
    socket: Option<TestClient>,
    welcomed: bool,
    /// Frames that came in an array and were not read yet.
    waiting: VecDeque<RoomFrame<R>>,
    sent: usize,
}

impl<R: Rules> TestMember<R>
where
    R::Draft: Serialize,
    R::Introduction: Serialize + Clone,
    R::Command: Serialize,
    R::Body: Clone,
{
    /// Makes a member that connects under this id.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// assert_eq!(ada.bodies(), ["milk"]);
    /// ```
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            member: String::new(),
            role: Role::default(),
            muted_for: None,
            secret: None,
            head: 0,
            items: BTreeMap::new(),
            older: false,
            recovered: false,
            caught: 0,
            roster: BTreeMap::new(),
            count: None,
            outbox: Vec::new(),
            acknowledged: BTreeMap::new(),
            errors: Vec::new(),
            own: None,
            shared: None,
            events: Vec::new(),
            position: None,
            query: Vec::new(),
            invitation: None,
            batching: false,
            socket: None,
            welcomed: false,
            waiting: VecDeque::new(),
            sent: 0,
        }
    }

    fn fresh_id(&mut self) -> String {
        self.sent = self.sent.saturating_add(1);
        format!("{}-{}", self.id, self.sent)
    }

    /// Returns the next frame, and does not apply it. Heartbeats are left out.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::wire::ServerFrame;
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.read();
    /// ada.append("milk".to_owned());
    /// assert!(matches!(ada.next_frame(), Some(ServerFrame::Entry(entry)) if entry.seq == 1));
    /// ```
    pub fn next_frame(&mut self) -> Option<RoomFrame<R>> {
        if let Some(frame) = self.waiting.pop_front() {
            return Some(frame);
        }
        let socket = self.socket.as_ref()?;
        let received = || socket.try_receive();
        let message = std::iter::from_fn(received).find(|message| message.as_text() != Some("pong"))?;
        let text = message.as_text()?;
        let read = if text.starts_with('[') {
            read_json(text).map(|frames: VecDeque<RoomFrame<R>>| self.waiting = frames)
        } else {
            read_json(text).map(|frame| self.waiting.push_back(frame))
        };
        read.unwrap_or_else(|error| panic!("{error}, in {text}"));
        self.waiting.pop_front()
    }

    /// Applies all frames that have arrived.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// assert_eq!(ada.head, 0, "nothing was read since");
    /// ada.read();
    /// assert_eq!(ada.head, 1);
    /// ```
    pub fn read(&mut self) {
        while let Some(frame) = self.next_frame() {
            self.apply(frame);
        }
    }

    /// Applies frames up to the next error, and returns it.
    ///
    /// # Panics
    ///
    /// When no error has come.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::ErrorCode;
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// let id = ada.edit(7, "oat milk".to_owned());
    /// let error = ada.error();
    /// assert_eq!((error.code, error.id), (ErrorCode::NOT_FOUND, Some(id)));
    /// ```
    pub fn error(&mut self) -> ErrorFrame {
        loop {
            match self.next_frame() {
                Some(ServerFrame::Error(error)) => return error,
                Some(frame) => self.apply(frame),
                None => panic!("{} has received no error", self.id),
            }
        }
    }

    /// Applies a frame.
    ///
    /// Entries that it knows already are ignored. [`read`](Self::read) calls this for each frame.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// while let Some(frame) = ada.next_frame() {
    ///     ada.apply(frame);
    /// }
    /// assert_eq!(ada.head, 1);
    /// ```
    pub fn apply(&mut self, frame: RoomFrame<R>) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcome(welcome),
            ServerFrame::Error(error) => {
                if let Some(id) = error.id.as_ref().filter(|_| error.retry_after.is_none()) {
                    self.outbox.retain(|(other, _)| other != id);
                }
                self.errors.push(error);
            }
            _ if !self.welcomed => {}
            ServerFrame::Entry(entry) => self.follow(entry),
            ServerFrame::Ack(Ack { id, seq }) => self.acknowledge(&id, seq),
            ServerFrame::Page(page) => {
                self.older = page.more;
                let items = read_entries(&page.entries);
                self.items.extend(items.into_iter().map(|item| (item.seq, item)));
            }
            ServerFrame::Presence(roster) => self.apply_roster(roster),
            ServerFrame::Probe(probe) => self.send(&ClientFrame::Probe { id: probe.id }),
            ServerFrame::Ephemeral(_) | ServerFrame::Answer(_) => {}
            ServerFrame::You(you) => (self.role, self.muted_for) = (you.role, you.muted_for),
            ServerFrame::Own(own) => self.own = Some(own.data),
            ServerFrame::Shared(shared) => self.shared = Some(shared.data),
            ServerFrame::Event(event) => self.events.push(event.data),
        }
    }

    fn welcome(&mut self, welcome: Welcome<R::Body, R::Profile>) {
        let you = welcome.you;
        (self.member, self.role, self.muted_for) = (you.member, you.role, you.muted_for);
        (self.welcomed, self.recovered) = (true, welcome.recovered);
        (self.own, self.shared) = (welcome.own, welcome.shared);
        let entries = read_entries(&welcome.entries);
        self.caught = entries.len();
        if welcome.recovered {
            entries.into_iter().for_each(|entry| self.follow(entry));
            assert_eq!(self.head, welcome.head, "a welcome brings its client to the head");
        } else {
            (self.head, self.older) = (welcome.head, welcome.older);
            let known: Vec<_> = entries.iter().map(|item| (item.id.clone(), item.seq)).collect();
            self.items = entries.into_iter().map(|item| (item.seq, item)).collect();
            known.iter().for_each(|(id, seq)| self.acknowledge(id, Some(*seq)));
        }
        self.position = welcome.position.parse().ok();
        if let Some(roster) = welcome.presence {
            self.roster.clear();
            self.apply_roster(roster);
        }
        if let Some(secret) = you.secret {
            let id = self.fresh_id();
            self.send(&ClientFrame::Token { id, token: secret.clone() });
            self.secret = Some(secret);
        }
        self.resend();
    }

    /// Applies one more entry.
    fn follow(&mut self, entry: Entry<R::Body>) {
        if entry.seq <= self.head {
            return;
        }
        assert_eq!(entry.seq, self.head.saturating_add(1), "{} sees a gap", self.id);
        self.head = entry.seq;
        if let Some(position) = &mut self.position {
            (position.seq, position.at, position.id) = (entry.seq, entry.at, entry.id.clone());
        }
        self.acknowledge(&entry.id, Some(entry.seq));
        match entry.target {
            None => drop(self.items.insert(entry.seq, entry)),
            Some(target) => {
                if let Some(item) = self.items.get_mut(&target) {
                    item.deleted_by = entry.body.is_none().then_some(entry.author);
                    (item.body, item.edited) = (entry.body, Some(entry.seq));
                }
            }
        }
    }

    fn acknowledge(&mut self, id: &str, seq: Option<u64>) {
        let before = self.outbox.len();
        self.outbox.retain(|(other, _)| other != id);
        if self.outbox.len() < before {
            self.acknowledged.insert(id.to_owned(), seq);
        }
    }

    fn apply_roster(&mut self, roster: wire::Roster<R::Profile>) {
        self.count = Some(roster.count);
        if let Some(all) = roster.members {
            self.roster = all.into_iter().map(|member| (member.member, member.data)).collect();
        }
        for member in roster.join.into_iter().flatten() {
            self.roster.insert(member.member, member.data);
        }
        for member in roster.leave.into_iter().flatten() {
            self.roster.remove(&member);
        }
    }

    /// Reads all frames that have arrived, and returns the bodies of all items that are not deleted, in their order.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// ada.append("bread".to_owned());
    /// ada.delete(1);
    /// assert_eq!(ada.bodies(), ["bread"]);
    /// ```
    pub fn bodies(&mut self) -> Vec<R::Body> {
        self.read();
        self.items.values().filter_map(|item| item.body.clone()).collect()
    }
}

fn read_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}

fn read_entries<B: DeserializeOwned>(entries: &wire::Entries<B>) -> Vec<Entry<B>> {
    entries.read().unwrap_or_else(|error| panic!("{error}, in {entries:?}"))
}

impl<R: Rules> fmt::Debug for TestMember<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestMember").field("id", &self.id).field("head", &self.head).finish_non_exhaustive()
    }
}
