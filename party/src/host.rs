//! Runs a room: one function for each event. All behaviour that is not the app's is here, for every platform.

pub(crate) mod errand;
pub(crate) mod registry;
pub(crate) mod startup;

mod observed;

use std::cell::Cell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use http::header::UPGRADE;
use http::{HeaderMap, StatusCode};

use crate::body::labelled;
use crate::connection::attachment::{MAX_URI_BYTES, kept_bytes};
use crate::connection::tags;
use crate::connection::{Connection, ConnectionContext, close_quietly, query_value};
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::{Errand, Kind};
use crate::host::registry::Registry;
use crate::host::startup::Startup;
use crate::message::close::{Close, CloseCode};
use crate::message::{Frame, Message};
use crate::name::place::place_of;
use crate::name::{ConnectionId, RoomName};
use crate::observe::{Activity, Record, ServerHook, log_error};
use crate::platform::{LocalFuture, Platform, SocketId};
use crate::room::Room;
use crate::room::props::Props;
use crate::room::storage::Storage;
use crate::router::call::RemoteCall;
use crate::router::subprotocol;
use crate::server::Server;
use crate::{Body, Request, Response, response};

/// The parameter of an address that carries the connection's id, as `partysocket` sends it.
pub(crate) const ID_PARAMETER: &str = "_pk";

/// How the tags of the framework's own parts begin.
const OWN_TAGS: &str = "party.";

/// The close reason, and the text of the error frame before it, when `on_connect` fails.
const SETUP_FAILED: &str = "Uncaught exception during session setup";

/// Where the name of a room is kept whose object was not addressed by one: where PartyServer keeps it.
const NAME_KEY: &str = "__ps_name";

/// After how many attempts at an alarm the platform gives it up soon: it makes six more after the first
/// ([Alarms](https://developers.cloudflare.com/durable-objects/api/alarms/)).
const LAST_RETRIES: u32 = 5;

/// How long after those attempts the alarm of a room that cannot start rings again.
const RING_AGAIN: Duration = Duration::from_secs(60);

/// A room on its platform.
pub(crate) struct Host<S> {
    platform: Rc<dyn Platform>,
    registry: Rc<Registry>,
    activity: Rc<Activity>,
    startup: Startup<Live<S>>,
    /// Whether the alarm rings, so that a start is also for it.
    ringing: Cell<bool>,
}

/// A room that has started.
struct Live<S> {
    room: Room,
    server: S,
}

/// The answer to a request.
pub(crate) enum Answer {
    /// A response.
    Response(Response),
    /// The upgrade is granted: the client end of a socket goes back with status 101.
    Upgrade(Upgrade),
}

/// A granted upgrade.
#[derive(Clone)]
pub(crate) struct Upgrade {
    pub(crate) socket: SocketId,
    /// The subprotocol that was selected of those that the client offers.
    pub(crate) subprotocol: Option<String>,
}

impl<S: Server> Host<S> {
    pub(crate) fn new(platform: Rc<dyn Platform>) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let this = Weak::clone(this);
            // A room that is gone has nothing to tell.
            let closed = move |socket, close| {
                let Some(host) = this.upgrade() else { return };
                let platform = Rc::clone(&host.platform);
                platform.wait_until(Box::pin(async move { host.close(socket, close).await }));
            };
            let registry = Registry::new(Rc::clone(&platform), closed);
            let activity = Rc::default();
            Self { platform, registry, activity, startup: Startup::new(), ringing: Cell::default() }
        })
    }

    /// Answers a request, upgrades included. It never fails: a client always gets an answer.
    pub(crate) async fn fetch(&self, request: Request, errand: Errand) -> Answer {
        let Errand { kind, props, room, subprotocol } = errand;
        let upgrade = kind == Kind::Visit && is_upgrade(request.headers());
        let subprotocol = subprotocol.or_else(|| subprotocol::selected(request.headers()).map(str::to_owned));
        let granted = |socket| Answer::Upgrade(Upgrade { socket, subprotocol: subprotocol.clone() });
        let answer = async {
            self.told(room.as_deref())?;
            let live = self.live(props).await?;
            match kind {
                Kind::Start => Ok(Answer::Response(Response::new(Body::empty()))),
                Kind::Call => apart(self.call(&live, request.into_body())).await.map(Answer::Response),
                Kind::Relay => apart(self.relay(&live, request.into_body())).await.map(Answer::Response),
                Kind::Visit if upgrade => {
                    let context = ConnectionContext::new(request.map(drop), subprotocol.clone());
                    apart(self.connect(&live, context)).await.map(granted)
                }
                Kind::Visit => {
                    let answer = live.server.on_request(&live.room, request);
                    apart(self.hook(&live, ServerHook::OnRequest, None, answer)).await.map(Answer::Response)
                }
            }
        };
        let answer = answer.await.unwrap_or_else(|error| match upgrade && arrives_as_a_frame(&error) {
            true => match self.turned_away(&error) {
                Some(socket) => granted(socket),
                None => Answer::Response(self.failed("on_connect", &error)),
            },
            false => Answer::Response(self.failed("on_request", &error)),
        });
        match answer {
            Answer::Response(response) => Answer::Response(labelled(response)),
            upgrade => upgrade,
        }
    }

    /// Handles a call of another worker or room.
    async fn call(&self, live: &Live<S>, body: Body) -> Result<Response> {
        let call = RemoteCall::of_json(&body.bytes().await?)?;
        let reply = self.hook(live, ServerHook::OnCall, None, live.server.on_call(&live.room, call)).await?;
        Ok(Response::new(Body::of_json(reply.into_json())))
    }

    /// Handles a call of another object of this room.
    async fn relay(&self, live: &Live<S>, body: Body) -> Result<Response> {
        let call = RemoteCall::of_json(&body.bytes().await?)?;
        let reply =
            self.hook(live, ServerHook::OnRelay, None, live.server.on_relay(&live.room, call)).await?;
        Ok(Response::new(Body::of_json(reply.into_json())))
    }

    /// Handles an upgrade of a client.
    async fn connect(&self, live: &Live<S>, context: ConnectionContext) -> Result<SocketId> {
        let connection = self.arriving(context.request())?;
        let welcomed = self.welcome(live, &connection, &context);
        self.hook(live, ServerHook::OnConnect, Some(&connection), welcomed).await
    }

    /// Asks the room for the tags of a connection, accepts its socket, and tells the room of it.
    async fn welcome(
        &self,
        live: &Live<S>,
        connection: &Connection,
        context: &ConnectionContext,
    ) -> Result<SocketId> {
        let chosen = live.server.connection_tags(&live.room, connection, context).await?;
        // Whoever is here already has come before.
        self.registry.complete();
        let socket = connection.accept(tags::of_connection(connection.id(), chosen)?)?;
        self.registry.join(socket, connection);
        let greeted = live.server.on_connect(&live.room, connection, context).await;
        connection.joined().open();
        match greeted {
            Ok(()) => {
                // Not before: a refused connection does not replace the one that has the id.
                self.registry.take_over(socket, connection);
                Ok(socket)
            }
            Err(error) => self.not_joined(socket, connection, error),
        }
    }

    /// Sends the client the reason why `on_connect` failed, by a status or by an error frame and a close. The
    /// connection does not count any more.
    fn not_joined(&self, socket: SocketId, connection: &Connection, error: Error) -> Result<SocketId> {
        // Without what the framework keeps with it, the socket's close is ignored.
        self.noted("on_connect", Some(connection), self.platform.attach(socket, &[]));
        self.registry.leave(socket);
        if !arrives_as_a_frame(&error) {
            close_quietly(&*self.platform, socket, CloseCode::ERROR, SETUP_FAILED);
            self.platform.forget(socket);
            return Err(error);
        }
        self.send_refusal(socket, Some(connection), error);
        Ok(socket)
    }

    /// Answers a client whose connection could not be set up, through a socket of its own, since a browser keeps the
    /// status and the text of a response to itself.
    fn turned_away(&self, error: &Error) -> Option<SocketId> {
        let socket = self.platform.accept(&[], &[]).ok()?;
        self.send_refusal(socket, None, error.clone());
        Some(socket)
    }

    /// Sends the error frame of a connection that is not accepted, and closes it.
    fn send_refusal(&self, socket: SocketId, connection: Option<&Connection>, error: Error) {
        let error = self.logged("on_connect", connection, error);
        self.registry.send_to(&[socket], &Frame::from(&error));
        let reason = if error.is_public() { error.public_text() } else { SETUP_FAILED };
        close_quietly(&*self.platform, socket, error.close_code().unwrap_or(CloseCode::ERROR), reason);
    }

    /// Handles a message of a client.
    pub(crate) async fn message(&self, socket: SocketId, message: Message) {
        let Some(connection) = self.registry.of_socket(socket) else { return };
        // The platform hands over what a client sends until the client, too, has closed, which it may never do.
        if !connection.is_open() {
            return;
        }
        if message.as_bytes().len() > S::MAX_MESSAGE_BYTES {
            return self.too_large(socket);
        }
        connection.heard();
        let live = match self.live(Props::default()).await {
            Ok(live) => live,
            Err(error) => return connection.send_error(&self.logged("on_start", Some(&connection), error)),
        };
        if !self.joined(socket, &connection).await {
            return;
        }
        let handled = live.server.on_message(&live.room, &connection, message);
        if let Err(error) = self.hook(&live, ServerHook::OnMessage, Some(&connection), handled).await {
            let error = self.logged("on_message", Some(&connection), error);
            if error.is_readable().is_some() && !connection.is_open() {
                // Its client comes back at once, and sends the message again.
                return;
            }
            let told = live.server.on_message_error(&live.room, &connection, &error).await;
            self.noted("on_message_error", Some(&connection), told);
        }
    }

    /// Closes a connection whose message is larger than the room accepts.
    pub(crate) fn too_large(&self, socket: SocketId) {
        if let Some(connection) = self.registry.of_socket(socket) {
            let reason = format!("a message has at most {} bytes", S::MAX_MESSAGE_BYTES);
            connection.close(CloseCode::TOO_LARGE, &reason);
        }
    }

    /// Handles the end of a connection that was closed by either side, or lost. It is handled once: a client's answer
    /// to the room's close is not a second end.
    pub(crate) async fn close(&self, socket: SocketId, close: Close) {
        let Some(connection) = self.registry.of_socket(socket) else { return };
        // An error may arrive while `on_close` waits.
        if connection.ends() {
            return;
        }
        let (answer, reason) = (CloseCode::answering(close.code), close.reason.clone());
        match self.live(Props::default()).await {
            Ok(live) => {
                if !self.joined(socket, &connection).await {
                    return;
                }
                let told = live.server.on_close(&live.room, &connection, close);
                let told = self.hook(&live, ServerHook::OnClose, Some(&connection), told).await;
                self.noted("on_close", Some(&connection), told);
            }
            Err(error) => self.noted("on_start", Some(&connection), Err(error)),
        }
        // Later events of this socket, such as errors after its end, are ignored. A socket that keeps nothing any more
        // needs no such mark.
        let _marked = self.platform.attach(socket, &[]);
        if let Some(code) = answer {
            // With hibernation the platform leaves the answering close frame to us, whatever the compatibility date.
            close_quietly(&*self.platform, socket, code, &reason);
        }
        self.registry.leave(socket);
        self.platform.forget(socket);
    }

    /// Handles an error that the platform reports on a socket. It is the last event: no close follows. `lost` is set if
    /// the error only reports a lost peer.
    pub(crate) async fn error(&self, socket: SocketId, error: Error, lost: bool) {
        let Some(connection) = self.registry.of_socket(socket) else {
            return self.platform.forget(socket);
        };
        if connection.has_ended() {
            return;
        }
        if !lost || connection.is_open() {
            // Not a failure of the room's: the network or the client broke the connection.
            let text = format!("a connection broke: {}", error.chain());
            self.platform.log(Record::info(&*self.platform, text).about(&connection));
            match self.live(Props::default()).await {
                Ok(live) => {
                    let told = live.server.on_error(&live.room, &connection, error);
                    let told = self.hook(&live, ServerHook::OnError, Some(&connection), told).await;
                    self.noted("on_error", Some(&connection), told);
                }
                Err(error) => self.noted("on_start", Some(&connection), Err(error)),
            }
        }
        self.close(socket, Close { code: 1006, reason: String::new(), was_clean: false }).await;
    }

    /// Handles the alarm. `retries` is how often the platform has tried before, if known.
    ///
    /// # Errors
    ///
    /// The error of the start or of `on_alarm`, so that the platform tries again.
    pub(crate) async fn alarm(&self, retries: Option<u32>) -> Result<()> {
        let result = async {
            let started_for_it = !self.startup.is_started();
            self.ringing.set(true);
            let live = self.live(Props::default()).await;
            self.ringing.set(false);
            let live = live.inspect_err(|_| self.ring_again(retries))?;
            live.room.alarm().rings(started_for_it);
            let done = self.hook(&live, ServerHook::OnAlarm, None, live.server.on_alarm(&live.room)).await;
            done.inspect_err(|_| live.room.alarm().failed())
        };
        result.await.inspect_err(|error| {
            self.noted("on_alarm", None, Err(error.clone()));
        })
    }

    /// Sets the alarm again before the platform gives it up, when the room cannot start for it: due work must be done
    /// once the room can start, also if nothing else wakes it.
    fn ring_again(&self, retries: Option<u32>) {
        if retries.is_none_or(|retries| retries >= LAST_RETRIES) {
            let set = self.platform.set_alarm(Some(self.platform.now() + RING_AGAIN));
            self.noted("setting the alarm again", None, set);
        }
    }

    /// Returns the room, started. The start is boxed: every event awaits it, and would else hold all of it.
    async fn live(&self, props: Props) -> Result<Rc<Live<S>>> {
        let start = || self.start(props);
        self.startup.forget_if(|live| live.room.is_destroyed());
        self.startup.started(start).await
    }

    fn start(&self, props: Props) -> LocalFuture<'_, Result<Live<S>>> {
        Box::pin(async move {
            let name = self.name()?.ok_or_else(no_name)?;
            let (platform, registry) = (Rc::clone(&self.platform), Rc::clone(&self.registry));
            let (name, relay) = place_of(&name);
            let room = Room::new(RoomName::new(name)?, relay, platform, registry, Rc::clone(&self.activity));
            if self.ringing.get() {
                room.alarm().starts_the_room();
            }
            let called = self.called();
            let started = S::on_start(&room, props).await.map(|server| Live { room, server });
            self.returned(started.as_ref().ok(), ServerHook::OnStart, None, called, started.as_ref().err());
            started
        })
    }

    /// Waits until `on_connect` has returned; `false` if it failed, and the connection is not used.
    async fn joined(&self, socket: SocketId, connection: &Connection) -> bool {
        connection.joined().passed().await;
        self.registry.of_socket(socket).is_some()
    }

    /// Returns the room's name: the one that the object was addressed by, or else the one that it was given, in this
    /// activation or before.
    fn name(&self) -> Result<Option<String>> {
        if let Some(name) = self.platform.name() {
            return Ok(Some(name));
        }
        let kept: Option<String> = Storage::new(Rc::clone(&self.platform)).get(NAME_KEY)?;
        if let Some(kept) = &kept {
            self.platform.tell_name(kept);
        }
        Ok(kept)
    }

    /// Stores the name that the worker gives the object, for the next activation. A name that differs from the stored
    /// one fails this event and no other. An object that was addressed by a name needs none.
    fn told(&self, told: Option<&str>) -> Result<()> {
        let Some(told) = told.filter(|_| !self.platform.is_addressed()) else { return Ok(()) };
        match self.name()? {
            Some(name) if name == told => Ok(()),
            Some(name) => {
                let text = format!("the room is named {name:?} and cannot be named {told:?}");
                Err(Error::new(ErrorKind::Invalid, text))
            }
            None => {
                RoomName::new(told)?;
                Storage::new(Rc::clone(&self.platform)).put(NAME_KEY, told)?;
                self.platform.tell_name(told);
                Ok(())
            }
        }
    }

    /// Returns a connection for the client that sent this upgrade.
    fn arriving(&self, request: &http::Request<()>) -> Result<Connection> {
        let uri = request.uri().to_string();
        let id = match query_value(&uri, ID_PARAMETER) {
            // An id is a tag, too, and these tags are the parts' own: by one a client would get what is not for it.
            Some(id) if id.starts_with(OWN_TAGS) => {
                return Err(Error::refuse(StatusCode::BAD_REQUEST, "an id does not begin with `party.`"));
            }
            Some(id) if !id.is_empty() => ConnectionId::new(&id)
                .map_err(|error| Error::refuse(StatusCode::BAD_REQUEST, error.to_string()))?,
            _ => ConnectionId::random(|bytes| self.platform.random(bytes)),
        };
        if kept_bytes(&uri, id.as_str()) > MAX_URI_BYTES {
            return Err(Error::refuse(StatusCode::URI_TOO_LONG, "the address has more than 3,072 bytes"));
        }
        Ok(self.registry.arriving(id, uri))
    }

    /// Returns the response to a request that failed: a refusal as it is, anything else without its cause.
    fn failed(&self, event: &'static str, error: &Error) -> Response {
        let text = match error.is_public() {
            true => error.public_text().to_owned(),
            false => {
                let logged = self.logged(event, None, error.clone());
                format!("Internal error {}", logged.error_id().unwrap_or_default())
            }
        };
        response(error.status(), text)
    }

    /// Returns the error, which the log has if it was not made for clients. Then it knows the id of its line there.
    fn logged(&self, event: &'static str, connection: Option<&Connection>, error: Error) -> Error {
        self.restart_unreadable(&error);
        match error.is_public() {
            true => error,
            false => log_error(&*self.platform, event, connection, error),
        }
    }

    fn noted(&self, event: &'static str, connection: Option<&Connection>, result: Result<()>) {
        if let Err(error) = result {
            self.restart_unreadable(&error);
            log_error(&*self.platform, event, connection, error);
        }
    }

    /// Closes all connections with a state of another build, if one of them has failed: each would fail its next
    /// event too. Their clients come back at once.
    fn restart_unreadable(&self, error: &Error) {
        if let Some(is_readable) = error.is_readable() {
            self.registry.restart_unless(is_readable);
        }
    }
}

/// Keeps a part of an event's code apart from the rest. The platform compiles a function when it is first called, as a
/// whole: so a room that wakes for a request does not wait until all that a connection takes is compiled.
fn apart<'a, T>(task: impl Future<Output = T> + 'a) -> LocalFuture<'a, T> {
    Box::pin(task)
}

/// Returns whether a client that wants to connect is sent the error as a frame and a close, since a browser does not
/// show the status and the text of a response to a page.
fn arrives_as_a_frame(error: &Error) -> bool {
    error.close_code().is_some() || !error.is_public()
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

fn no_name() -> Error {
    Error::new(
        ErrorKind::Platform,
        "the object has no name: it was addressed by a unique id, or by an id from a string, and no `x-partykit-room` header has told it one; address rooms by name",
    )
}
