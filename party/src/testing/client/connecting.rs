//! A client that is about to connect.

use std::cell::RefCell;
use std::fmt;

use http::header::{CONNECTION, UPGRADE};
use http::{Request, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::TestClient;
use crate::connection::query_value;
use crate::host::errand::{SUBPROTOCOL_HEADER, relays_of};
use crate::host::{Answer, ID_PARAMETER, Upgrade};
use crate::name::place::client_key;
use crate::parts::wire::VERSION_PARAMETER;
use crate::router::subprotocol::bearer_of;
use crate::testing::request::TestResponse;
use crate::testing::rooms::Machine;
use crate::testing::simulation::Promised;
use crate::{Body, SUBPROTOCOL};

/// The characters that are encoded in a query, as `encodeURIComponent` does it, so that `_pk` stays as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A client that is about to connect, from [`TestRoom::connecting`](crate::testing::TestRoom::connecting).
#[must_use = "nobody connects until `.connect()` is called"]
pub struct Connecting {
    machine: Machine,
    query: String,
    headers: Vec<(String, String)>,
}

impl Connecting {
    pub(in crate::testing) fn new(machine: Machine, id: &str) -> Self {
        let connecting = Self { machine, query: String::new(), headers: Vec::new() };
        if id.is_empty() { connecting } else { connecting.query("_pk", id) }
    }

    /// Adds a parameter to the address's query.
    ///
    /// Names and values are encoded as `encodeURIComponent` does it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connecting("ada").query("name", "Ada & Co").query("team", "red").connect();
    /// assert!(ada.is_open());
    /// ```
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push(if self.query.is_empty() { '?' } else { '&' });
        self.query.extend(utf8_percent_encode(name, QUERY));
        self.query.push('=');
        self.query.extend(utf8_percent_encode(value, QUERY));
        self
    }

    /// Adds a header to the upgrade request.
    ///
    /// A page in a browser can set none: the browser sends its own, such as `Cookie` and `Origin`, and the platform
    /// adds others, such as `CF-Connecting-IP`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connecting("ada").header("cf-connecting-ip", "192.0.2.7").connect();
    /// assert!(ada.is_open());
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Offers our subprotocol and with it a secret or token, see
    /// [`ConnectionContext::bearer`](crate::ConnectionContext::bearer).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Club;
    /// # impl Server for Club {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
    ///     who.send(if context.bearer() == Some("open-sesame") { "come in" } else { "who are you?" });
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Club>::new("club");
    /// let ada = room.connecting("ada").bearer("open-sesame").connect();
    /// assert_eq!(ada.receive_text(), "come in");
    /// assert_eq!(ada.subprotocol(), Some("party"));
    /// ```
    pub fn bearer(self, secret: &str) -> Self {
        self.header("sec-websocket-protocol", &format!("{SUBPROTOCOL}, party.bearer.{secret}"))
    }

    /// Offers our subprotocol and with it the key of an invitation, see
    /// [`ConnectionContext::invitation`](crate::ConnectionContext::invitation).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client|
    /// client.bearer("secret").invitation("7f3a")
    /// # , |_room, _who, context| {
    /// # assert_eq!((context.bearer(), context.invitation()), (Some("secret"), Some("7f3a")));
    /// # Ok(()) });
    /// ```
    pub fn invitation(self, key: &str) -> Self {
        self.header("sec-websocket-protocol", &format!("{SUBPROTOCOL}, party.invitation.{key}"))
    }

    /// Offers a subprotocol that the router selects, see [`Router::subprotocols`](crate::Router::subprotocols).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connecting("ada").subprotocol("graphql-ws").connect();
    /// assert_eq!(ada.subprotocol(), Some("graphql-ws"));
    /// ```
    pub fn subprotocol(self, name: &str) -> Self {
        self.header("sec-websocket-protocol", name).header(SUBPROTOCOL_HEADER, name)
    }

    /// Connects the client.
    ///
    /// # Panics
    ///
    /// When the room refuses, or does not answer.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connecting("ada").connect();
    /// assert!(ada.is_open());
    /// ```
    pub fn connect(self) -> TestClient {
        match self.try_connect() {
            Ok(client) => client,
            Err(response) => panic!("the connection was refused: {} {}", response.status(), response.text()),
        }
    }

    /// Connects, or returns the response of the room that refused.
    ///
    /// # Errors
    ///
    /// The room's response, when it grants no upgrade.
    ///
    /// # Panics
    ///
    /// When the room does not answer, because a hook waits forever.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::http::StatusCode;
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Error, Props, Result, Room, Server};
    /// # struct Private;
    /// # impl Server for Private {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, _room: &Room, _who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     Err(Error::refuse(StatusCode::FORBIDDEN, "members only"))
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Private>::new("club");
    /// let refusal = room.connecting("ada").try_connect().unwrap_err();
    /// assert_eq!((refusal.status(), refusal.text()), (StatusCode::FORBIDDEN, "members only".to_owned()));
    /// ```
    pub fn try_connect(self) -> Result<TestClient, Box<TestResponse>> {
        self.begin().finish()
    }

    /// Begins to connect: a hook may wait for something that the test does next.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Slow;
    /// # impl Server for Slow {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
    /// #         Ok(Self)
    /// #     }
    /// async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     room.sleep(Duration::from_secs(1)).await;
    ///     who.send("hello");
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Slow>::new("lobby");
    /// let pending = room.connecting("ada").begin();
    /// room.advance(Duration::from_secs(1));
    /// let Ok(ada) = pending.finish() else { panic!("the room has refused") };
    /// assert_eq!(ada.receive_text(), "hello");
    /// ```
    pub fn begin(self) -> Pending {
        let mut request = Request::get(self.machine.address(&self.query)).header(UPGRADE, "websocket");
        request = request.header(CONNECTION, "Upgrade");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = match request.body(()) {
            Ok(request) => request,
            Err(error) => panic!("the upgrade request cannot be made: {error}"),
        };
        let key = self.key();
        let machine = match &key {
            Some(key) => self.machine.toward(key),
            None => self.machine.clone(),
        };
        let answer = machine.fetch(request.clone().map(|()| Body::empty()));
        Pending { room: self.machine, request, key, asked: RefCell::new((machine, answer)) }
    }

    /// Returns the key by which the client finds a relay of the room, if relays are for it.
    fn key(&self) -> Option<String> {
        let protocols = self.headers.iter().find(|(name, _)| name == "sec-websocket-protocol");
        let bearer = protocols.and_then(|(_, protocols)| bearer_of(protocols));
        query_value(&self.query, VERSION_PARAMETER)?;
        client_key(bearer, query_value(&self.query, ID_PARAMETER).as_deref()).or_else(|| Some(String::new()))
    }
}

impl fmt::Debug for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connecting")
            .field("query", &self.query)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// A client whose upgrade the room has perhaps not answered yet, from [`Connecting::begin`].
#[must_use = "nobody is connected until `.finish()` is called"]
pub struct Pending {
    /// The room that was asked.
    room: Machine,
    request: Request<()>,
    /// The key by which the client finds a relay of the room.
    key: Option<String>,
    /// The object that was asked last, and its answer.
    asked: RefCell<(Machine, Promised<Answer>)>,
}

impl Pending {
    /// Returns whether the room has answered the upgrade.
    ///
    /// # Example
    ///
    /// The room starts at its first event; this one takes a second to start:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::TestRoom;
    /// # use party::{Props, Result, Room, Server};
    /// # struct Slow;
    /// # impl Server for Slow {
    /// async fn on_start(room: &Room, _props: Props) -> Result<Self> {
    ///     room.sleep(Duration::from_secs(1)).await;
    ///     Ok(Self)
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Slow>::new("lobby");
    /// let pending = room.connecting("ada").begin();
    /// assert!(!pending.is_answered());
    /// room.advance(Duration::from_secs(1));
    /// assert!(pending.is_answered());
    /// ```
    pub fn is_answered(&self) -> bool {
        self.lead_on();
        let (_, answer) = &*self.asked.borrow();
        let known = answer.take();
        let is_answered = known.is_some();
        answer.set(known);
        is_answered
    }

    /// Returns the client, or the response of the room that refused.
    ///
    /// # Errors
    ///
    /// The room's response, when it grants no upgrade.
    ///
    /// # Panics
    ///
    /// When the room has not answered yet.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let pending = room.connecting("ada").begin();
    /// assert!(pending.finish().is_ok_and(|ada| ada.is_open()));
    /// ```
    pub fn finish(self) -> Result<TestClient, Box<TestResponse>> {
        self.lead_on();
        let (machine, answer) = self.asked.into_inner();
        match answer.take() {
            Some(Answer::Upgrade(Upgrade { socket, subprotocol })) => {
                Ok(TestClient { machine, socket, subprotocol })
            }
            Some(Answer::Response(response)) => Err(Box::new(TestResponse::read(&machine, response))),
            None => panic!("the room has not answered the upgrade: a hook waits for what does not come"),
        }
    }

    /// Asks the object to which an answer leads, as the router does.
    fn lead_on(&self) {
        let Some(key) = &self.key else { return };
        loop {
            let (machine, answer) = self.asked.borrow().clone();
            match answer.take() {
                Some(Answer::Response(response)) if response.status() == StatusCode::MISDIRECTED_REQUEST => {
                    let response = TestResponse::read(&machine, response);
                    if let Some(relays) = relays_of(response.status().as_u16(), &response.text()) {
                        self.room.learn(relays);
                    }
                    let machine = self.room.toward(key);
                    let answer = machine.fetch(self.request.clone().map(|()| Body::empty()));
                    self.asked.replace((machine, answer));
                }
                known => return answer.set(known),
            }
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}
