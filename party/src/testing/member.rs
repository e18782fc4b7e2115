//! A member of a [channel](crate::channel) in a test: a client of the protocol, with all that a good client does.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TestRoom;
use super::client::{Connecting, TestClient};
use crate::channel::Rules;
use crate::parts::log::Position;
use crate::parts::wire::{self, Ack, Action, ClientFrame, Entry, Json, Role, ServerFrame, VERSION, Welcome};
use crate::{ErrorFrame, MemberId, Server};

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
    /// The frames that it has sent and that are not acknowledged, in that order.
    pub outbox: Vec<(String, MemberFrame<R>)>,
    /// The ids that were acknowledged, each with its `seq` if it has one.
    pub acknowledged: BTreeMap<String, Option<u64>>,
    /// The errors that it has received.
    pub errors: Vec<ErrorFrame>,
    /// The app's own state of the member.
    pub own: Option<Json>,
    /// The app's events.
    pub events: Vec<Json>,
    position: Option<Position>,
    query: Vec<(String, String)>,
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
            outbox: Vec::new(),
            acknowledged: BTreeMap::new(),
            errors: Vec::new(),
            own: None,
            events: Vec::new(),
            position: None,
            query: Vec::new(),
            batching: false,
            socket: None,
            welcomed: false,
            waiting: VecDeque::new(),
            sent: 0,
        }
    }

    /// Adds a parameter to its address.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes it send presence data when it connects.
    #[must_use]
    pub fn introduced(self, introduction: &R::Introduction) -> Self {
        match Json::of(introduction) {
            Ok(json) => self.query("presence", json.as_str()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes it accept several frames in one text.
    #[must_use]
    pub fn batching(self) -> Self {
        Self { batching: true, ..self }
    }

    /// Makes the same member on another connection id, with nothing but its secret.
    #[must_use]
    pub fn on_another_device(&self, id: &str) -> Self {
        let (query, secret) = (self.query.clone(), self.secret.clone());
        Self { query, secret, batching: self.batching, ..Self::new(id) }
    }

    /// Returns its prepared connection, for a test that adds something.
    pub fn connecting<S: Server>(&self, room: &TestRoom<S>) -> Connecting {
        let mut connecting = room.connecting(&self.id).query("wire", VERSION);
        for (name, value) in &self.query {
            connecting = connecting.query(name, value);
        }
        if self.batching {
            connecting = connecting.query("batch", "1");
        }
        if let Some(position) = &self.position {
            connecting = connecting.query("position", &position.to_string());
        }
        match &self.secret {
            Some(secret) => connecting.bearer(secret),
            None => connecting.header("sec-websocket-protocol", "party"),
        }
    }

    /// Connects, reads the welcome, proves its secret, and sends unacknowledged frames again.
    pub fn join<S: Server>(&mut self, room: &TestRoom<S>) {
        let socket = self.connecting(room).connect();
        self.adopt(socket);
    }

    /// Joins a room from an IP address.
    pub fn join_from<S: Server>(&mut self, room: &TestRoom<S>, address: &str) {
        let socket = self.connecting(room).header("cf-connecting-ip", address).connect();
        self.adopt(socket);
    }

    /// Uses this connection, and reads the frames that have arrived on it.
    pub fn adopt(&mut self, socket: TestClient) {
        self.socket = Some(socket);
        self.welcomed = false;
        self.waiting.clear();
        self.read();
    }

    /// Returns its connection.
    ///
    /// # Panics
    ///
    /// When it has none.
    pub fn socket(&self) -> &TestClient {
        self.socket.as_ref().unwrap_or_else(|| panic!("{} is not connected", self.id))
    }

    /// Returns whether its connection is open.
    pub fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(TestClient::is_open)
    }

    /// Breaks its connection: frames on their way to it are lost.
    pub fn vanish(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.vanish();
        }
    }

    /// Sends a frame without storing it.
    pub fn send(&self, frame: &MemberFrame<R>) {
        if let Some(socket) = &self.socket {
            socket.send_json(frame);
        }
    }

    /// Appends an item. Returns the id of the frame.
    pub fn append(&mut self, body: R::Draft) -> String {
        self.put(|id| ClientFrame::Append { id, body })
    }

    /// Gives an item another body. Returns the id of the frame.
    pub fn edit(&mut self, target: u64, body: R::Draft) -> String {
        self.put(|id| ClientFrame::Edit { id, target, body })
    }

    /// Deletes an item. Returns the id of the frame.
    pub fn delete(&mut self, target: u64) -> String {
        self.put(|id| ClientFrame::Delete { id, target })
    }

    /// Sends a command. Returns the id of the frame.
    pub fn command(&mut self, data: R::Command) -> String {
        self.put(|id| ClientFrame::Command { id, data })
    }

    /// Sends other presence data. Returns the id of the frame, which is not sent again.
    pub fn introduce(&mut self, data: R::Introduction) -> String {
        let id = self.fresh_id();
        self.send(&ClientFrame::Presence { id: id.clone(), data });
        id
    }

    /// Acts on a member. Returns the id of the frame, which is not sent again.
    pub fn moderate(&mut self, action: Action, member: &str, seconds: Option<u64>) -> String {
        let id = self.fresh_id();
        let member = MemberId::new(member).unwrap_or_else(|error| panic!("{error}"));
        self.send(&ClientFrame::Moderate { id: id.clone(), action, member, seconds });
        id
    }

    /// Requests the items before those that it knows, and reads them.
    pub fn load_older(&mut self) {
        let before = self.items.keys().next().copied();
        let id = self.fresh_id();
        self.send(&ClientFrame::History { id, before, after: None });
        self.read();
    }

    fn put(&mut self, frame: impl FnOnce(String) -> MemberFrame<R>) -> String {
        let id = self.fresh_id();
        self.outbox.push((id.clone(), frame(id.clone())));
        if self.welcomed
            && let Some((_, frame)) = self.outbox.last()
        {
            self.send(frame);
        }
        id
    }

    fn fresh_id(&mut self) -> String {
        self.sent = self.sent.saturating_add(1);
        format!("{}-{}", self.id, self.sent)
    }

    /// Returns the next frame, and does not apply it. Heartbeats are left out.
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
            ServerFrame::Ephemeral(_) => {}
            ServerFrame::You(you) => (self.role, self.muted_for) = (you.role, you.muted_for),
            ServerFrame::Own(own) => self.own = Some(own.data),
            ServerFrame::Event(event) => self.events.push(event.data),
        }
    }

    fn welcome(&mut self, welcome: Welcome<R::Body, R::Profile>) {
        let you = welcome.you;
        (self.member, self.role, self.muted_for) = (you.member, you.role, you.muted_for);
        (self.welcomed, self.recovered, self.own) = (true, welcome.recovered, welcome.own);
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

    /// Sends all unacknowledged frames.
    pub fn resend(&self) {
        self.outbox.iter().for_each(|(_, frame)| self.send(frame));
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
