//! How a member connects.

use serde::Serialize;

use super::TestMember;
use crate::Server;
use crate::channel::Rules;
use crate::parts::wire::{Json, VERSION};
use crate::testing::{Connecting, TestClient, TestRoom};

impl<R: Rules> TestMember<R>
where
    R::Draft: Serialize,
    R::Introduction: Serialize + Clone,
    R::Command: Serialize,
    R::Body: Clone,
{
    /// Adds a parameter to its address.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada").query("theme", "dark");
    /// ada.join(&room);
    /// assert!(ada.is_connected());
    /// ```
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes it send presence data when it connects.
    ///
    /// They are sent in the parameter `presence` of its address.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada").introduced(&"Ada".to_owned());
    /// ada.join(&room);
    /// assert_eq!(ada.roster[&ada.member], "Ada");
    /// ```
    #[must_use]
    pub fn introduced(self, introduction: &R::Introduction) -> Self {
        match Json::of(introduction) {
            Ok(json) => self.query("presence", json.as_str()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Makes it bring the key of an invitation whenever it connects.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada").invited("7f3a");
    /// ada.join(&room);
    /// assert!(ada.is_connected());
    /// ```
    #[must_use]
    pub fn invited(self, key: &str) -> Self {
        Self { invitation: Some(key.to_owned()), ..self }
    }

    /// Makes it accept several frames in one text.
    ///
    /// It asks for that by the parameter `batch=1` of its address, as `party-client` does.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada").batching();
    /// ada.join(&room);
    /// ada.append("milk".to_owned());
    /// assert_eq!(ada.bodies(), ["milk"]);
    /// ```
    #[must_use]
    pub fn batching(self) -> Self {
        Self { batching: true, ..self }
    }

    /// Makes the same member on another connection id, with nothing but its secret.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("laptop");
    /// ada.join(&room);
    /// let mut phone = ada.on_another_device("phone");
    /// phone.join(&room);
    /// assert_eq!(phone.member, ada.member);
    /// assert_eq!(phone.roster.len(), 1);
    /// ```
    #[must_use]
    pub fn on_another_device(&self, id: &str) -> Self {
        let (query, secret) = (self.query.clone(), self.secret.clone());
        Self { query, secret, batching: self.batching, ..Self::new(id) }
    }

    /// Returns its prepared connection, for a test that adds something.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// let socket = ada.connecting(&room).header("user-agent", "a browser").connect();
    /// ada.adopt(socket);
    /// assert!(!ada.member.is_empty(), "it has read its welcome");
    /// ```
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
        if let Some(key) = &self.invitation {
            connecting = connecting.invitation(key);
        }
        match &self.secret {
            Some(secret) => connecting.bearer(secret),
            None => connecting.header("sec-websocket-protocol", "party"),
        }
    }

    /// Connects, reads the welcome, proves its secret, and sends unacknowledged frames again.
    ///
    /// After a [`vanish`](Self::vanish) or a crash of the room, it resumes from its position.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.vanish();
    /// ada.append("milk".to_owned());
    /// ada.join(&room);
    /// assert!(ada.recovered);
    /// assert_eq!(ada.bodies(), ["milk"], "it was sent after the welcome");
    /// ```
    pub fn join<S: Server>(&mut self, room: &TestRoom<S>) {
        let socket = self.connecting(room).connect();
        self.adopt(socket);
    }

    /// Joins a room from an IP address.
    ///
    /// [Limits](crate::parts::limits::Limits) and bans count by address. A member that joins without one has no limit
    /// by address.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join_from(&room, "192.0.2.7");
    /// assert!(ada.is_connected());
    /// ```
    pub fn join_from<S: Server>(&mut self, room: &TestRoom<S>, address: &str) {
        let socket = self.connecting(room).header("cf-connecting-ip", address).connect();
        self.adopt(socket);
    }

    /// Uses this connection, and reads the frames that have arrived on it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// let mut ada = TestMember::<Notes>::new("ada");
    /// ada.adopt(ada.connecting(&room).connect());
    /// assert!(ada.is_connected());
    /// ```
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
    ///
    /// # Example
    ///
    /// A text that is not a frame is answered with an error:
    ///
    /// ```
    /// # use party::ErrorCode;
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// ada.socket().send("{");
    /// assert_eq!(ada.error().code, ErrorCode::NOT_JSON);
    /// ```
    pub fn socket(&self) -> &TestClient {
        self.socket.as_ref().unwrap_or_else(|| panic!("{} is not connected", self.id))
    }

    /// Returns whether its connection is open.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let mut ada = TestMember::<Notes>::new("ada");
    /// ada.join(&room);
    /// assert!(ada.is_connected());
    /// room.crash();
    /// assert!(!ada.is_connected());
    /// ```
    pub fn is_connected(&self) -> bool {
        self.socket.as_ref().is_some_and(TestClient::is_open)
    }

    /// Breaks its connection: frames on their way to it are lost.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestMember, TestRoom, example::{Notes, Pad}};
    /// # let room = TestRoom::<Pad>::new("pad");
    /// # let (mut ada, mut bob) = (TestMember::<Notes>::new("ada"), TestMember::<Notes>::new("bob"));
    /// # ada.join(&room);
    /// # bob.join(&room);
    /// bob.append("milk".to_owned());
    /// ada.vanish();
    /// assert!(ada.bodies().is_empty(), "the entry was on its way");
    /// ```
    pub fn vanish(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.vanish();
        }
    }
}
