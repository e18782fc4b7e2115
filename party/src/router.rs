//! The router in the worker: it finds the object of a request, checks who may pass, and forwards it.

pub(crate) mod call;
pub(crate) mod route;
pub(crate) mod subprotocol;

mod answer;
mod cors;
mod files;
mod forward;
mod hook;
mod origins;
mod relays;
mod retry;
mod stub;

use std::fmt;

use serde::Serialize;
use worker::{Env, Method, Request, Response};

use self::answer::{refusal, typed, unsniffed};
pub use self::cors::Cors;
use self::forward::{Forward, encode_props};
pub use self::hook::{Hook, Lobby, Next, NoHook};
use self::origins::Origins;
pub use self::retry::{Retry, RetryEvent};
pub use self::stub::{ServerOptions, Stub, server_by_name};
use crate::error::{Error, Result};
use crate::name::RoomName;
pub use crate::platform::workers::namespace::Namespace;
use crate::router::route::{DEFAULT_PREFIX, Route};
use crate::router::subprotocol::Subprotocols;

/// The number of characters of an unknown party's name that are logged: a client can send any.
const MAX_LOGGED_CHARS: usize = 64;

/// Sends a request for `/parties/{party}/{room}` to its room; `None` if it is for no room.
///
/// A party is a Durable Object binding, by its name in kebab case: the binding `Chat` serves `/parties/chat/...`. A
/// request for a party that is not bound is answered with 400. Every response has `X-Content-Type-Options: nosniff`.
/// [`Router`] has options.
///
/// # Errors
///
/// The errors of the platform on the way to the object, after [its own attempts and ours](Retry).
///
/// # Example
///
/// ```no_run
/// use worker::{Context, Env, Request, Response, Result, event};
///
/// #[event(fetch)]
/// async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
///     match party::route(&request, &env).await? {
///         Some(response) => Ok(response),
///         None => env.assets("ASSETS")?.fetch_request(request).await,
///     }
/// }
/// # fn main() {}
/// ```
pub async fn route(request: &Request, env: &Env) -> worker::Result<Option<Response>> {
    Router::new().route(request, env).await
}

/// [`route`] with options.
///
/// # Example: only members connect, and other sites may ask
///
/// ```no_run
/// # use worker::{Env, Request, Response};
/// use party::{Cors, Lobby, Next, Router};
///
/// # async fn example(request: Request, env: Env) -> worker::Result<Option<Response>> {
/// Router::new()
///     .prefix("api/v1/rooms")
///     .props(&"free plan")?
///     .cors(Cors::permissive())
///     .on_before_connect(async |request: &Request, _lobby: &Lobby| {
///         match request.headers().get("Cookie")? {
///             Some(_) => Ok(Next::Pass),
///             None => Ok(Next::Answer(Response::error("sign in first", 401)?)),
///         }
///     })
///     .route(&request, &env)
///     .await
/// # }
/// ```
pub struct Router<'a, C = NoHook, R = NoHook> {
    prefix: &'a str,
    cors: Option<Cors>,
    /// In a box: a worker that asks for no such rule has no code for it.
    origins: Option<Box<OriginRule>>,
    /// What serves the files of rooms.
    files: Option<Box<files::Server>>,
    before_connect: C,
    before_request: R,
    forward: Forward<'a>,
}

/// Whether a request that names this origin may go to this address.
type OriginRule = dyn Fn(Option<&str>, &str) -> bool;

/// Where a request goes.
struct Target<'a> {
    namespace: Namespace,
    lobby: Lobby,
    upgrade: bool,
    /// The id of the file that it reads.
    file: Option<&'a str>,
}

impl Router<'_> {
    /// Returns a router without options.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new();
    /// # let _ = router;
    /// ```
    pub fn new() -> Self {
        Self {
            prefix: DEFAULT_PREFIX,
            cors: None,
            origins: None,
            files: None,
            before_connect: NoHook,
            before_request: NoHook,
            forward: Forward::default(),
        }
    }
}

impl<'a, C: Hook, R: Hook> Router<'a, C, R> {
    /// Sets the path prefix, `parties` by default. It may have several segments.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new().prefix("api/v1/rooms");
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Sets the props that [`Server::on_start`](crate::Server::on_start) receives if this request starts the room.
    ///
    /// A room that is awake already does not receive them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new().props(&("free plan", 10))?;
    /// # let _ = router;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn props<T: Serialize + ?Sized>(mut self, props: &T) -> Result<Self> {
        self.forward.props = Some(encode_props(props)?);
        Ok(self)
    }

    /// Lets pages of other sites read the responses. A preflight request is answered before the hooks; upgrades, and
    /// requests for no room or for a party that is not bound, stay as they are.
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Cors, Router};
    ///
    /// let router = Router::new().cors(Cors::headers([("Access-Control-Allow-Origin", "https://example.com")]));
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
    }

    /// Refuses requests and upgrades of pages of other sites with 403, before a hook runs and before a room wakes.
    /// Pages of the address's own origin are always accepted.
    ///
    /// An origin is a scheme, a host and a port if it is not the usual one. `https://*.example.com` means all
    /// subdomains of `example.com`, `null` for pages without an origin, such as local files.
    ///
    /// **Security:** without this, a page of any site can connect to a room with the cookies that the browser has for
    /// it. It is a browser that names the origin of a page: a program that is not one names any, or none, and is let
    /// in. So this protects people from other sites, and not a room from programs.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a text that is not an origin, such as one with a path.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let own_pages_only = Router::new().allowed_origins([])?;
    /// let two_sites = Router::new().allowed_origins(["https://example.com", "https://*.example.org"])?;
    /// assert!(Router::new().allowed_origins(["https://example.com/app"]).is_err());
    /// # let _ = (own_pages_only, two_sites);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn allowed_origins<'o>(mut self, origins: impl IntoIterator<Item = &'o str>) -> Result<Self> {
        let origins = Origins::new(origins)?;
        self.origins = Some(Box::new(move |origin, address| origins.allow(origin, address)));
        Ok(self)
    }

    /// Selects subprotocols of the app when a client offers them, beside [`party`](crate::SUBPROTOCOL): the first
    /// offered one that is known. A browser closes a connection for which none of those that it offers was selected. A
    /// room finds it in [`ConnectionContext::subprotocol`](crate::ConnectionContext::subprotocol).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a text that cannot be the name of a subprotocol: it has
    /// letters, digits and some signs, and no spaces or commas.
    ///
    /// # Example
    ///
    /// A page that opens `new WebSocket(address, ["chat.v2", "chat.v1"])` gets `chat.v2` of this router:
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new().subprotocols(&["chat.v1", "chat.v2"])?;
    /// assert!(Router::new().subprotocols(&["chat, v1"]).is_err());
    /// # let _ = router;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn subprotocols(mut self, subprotocols: &'a [&'a str]) -> Result<Self> {
        self.forward.subprotocols = Some(Subprotocols::new(subprotocols)?);
        Ok(self)
    }

    /// Sets where new rooms should be made, such as `weur`
    /// ([location hints](https://developers.cloudflare.com/durable-objects/reference/data-location/)).
    ///
    /// It is a hint for the first request of a room only: a room does not move.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let near_the_players = Router::new().location_hint("weur");
    /// # let _ = near_the_players;
    /// ```
    #[must_use]
    pub fn location_hint(mut self, hint: &'a str) -> Self {
        self.forward.location_hint = Some(hint);
        self
    }

    /// Sets where rooms must stay, such as `eu`. A room in a jurisdiction is not the same as the one of the same name
    /// outside.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let in_europe = Router::new().jurisdiction("eu");
    /// # let _ = in_europe;
    /// ```
    #[must_use]
    pub fn jurisdiction(mut self, jurisdiction: &'a str) -> Self {
        self.forward.jurisdiction = Some(jurisdiction);
        self
    }

    /// Sets how often an attempt to reach the object is repeated. On by default, see [`Retry`].
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Retry, Router};
    ///
    /// let router = Router::new().retry(Retry::new().max_attempts(5)?);
    /// # let _ = router;
    /// # Ok::<(), party::Error>(())
    /// ```
    #[must_use]
    pub fn retry(mut self, retry: Retry<'a>) -> Self {
        self.forward.retry = Some(retry);
        self
    }

    /// Fails at the first attempt that fails, also where the platform would try again by itself.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new().no_retry();
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn no_retry(mut self) -> Self {
        self.forward.retry = None;
        self
    }

    /// Serves the [files](crate::parts::files) of rooms from this bucket of `wrangler.toml`: `GET` of
    /// `/parties/{party}/{room}/files/{id}`. No room wakes for it.
    ///
    /// Browsers keep a file for a week, and show none but pictures by themselves. A file runs no scripts, whatever it
    /// is. Where the bucket is not bound, there are no files: 404.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Router;
    ///
    /// let router = Router::new().files("FILES");
    /// # let _ = router;
    /// ```
    #[must_use]
    pub fn files(mut self, bucket: &str) -> Self {
        self.files = Some(files::server(bucket));
        self
    }

    /// Sets a hook that runs before upgrades: it may let a request pass, answer it, or replace it. It never sees the
    /// props.
    ///
    /// **Not called** for requests that are not upgrades, for requests of a page that
    /// [`allowed_origins`](Self::allowed_origins) refuses, or for a party that is not bound.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use party::{Lobby, Next, Router};
    /// use worker::{Request, Response};
    ///
    /// let router = Router::new().on_before_connect(async |request: &Request, _lobby: &Lobby| {
    ///     match request.headers().get("Cookie")? {
    ///         Some(_) => Ok(Next::Pass),
    ///         None => Ok(Next::Answer(Response::error("sign in first", 401)?)),
    ///     }
    /// });
    /// ```
    pub fn on_before_connect<H: Hook>(self, hook: H) -> Router<'a, H, R> {
        let Self { prefix, cors, origins, files, before_request, forward, .. } = self;
        Router { prefix, cors, origins, files, before_connect: hook, before_request, forward }
    }

    /// Sets a hook that runs before HTTP requests, see [`on_before_connect`](Self::on_before_connect).
    ///
    /// **Not called** for upgrades, or for the preflight requests that [`cors`](Self::cors) answers.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use party::{Lobby, Next, Router};
    /// use worker::{Method, Request, Response};
    ///
    /// let router = Router::new().on_before_request(async |request: &Request, _lobby: &Lobby| {
    ///     match request.method() {
    ///         Method::Get => Ok(Next::Pass),
    ///         _ => Ok(Next::Answer(Response::error("rooms are read-only", 405)?)),
    ///     }
    /// });
    /// ```
    pub fn on_before_request<H: Hook>(self, hook: H) -> Router<'a, C, H> {
        let Self { prefix, cors, origins, files, before_connect, forward, .. } = self;
        Router { prefix, cors, origins, files, before_connect, before_request: hook, forward }
    }

    /// Sends a request to its room, see [`route`].
    ///
    /// # Errors
    ///
    /// The errors of a hook, or of the platform on the way to the object.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use party::Router;
    /// use worker::{Env, Request, Response, Result};
    ///
    /// async fn fetch(request: Request, env: Env) -> Result<Response> {
    ///     let room = Router::new().prefix("rooms").route(&request, &env).await?;
    ///     room.map_or_else(|| Response::error("there is nothing here", 404), Ok)
    /// }
    /// ```
    pub async fn route(&self, request: &Request, env: &Env) -> worker::Result<Option<Response>> {
        let path = request.path();
        let Some(route) = Route::parse(&path, self.prefix) else { return Ok(None) };
        Ok(Some(unsniffed(self.answer(request, env, &route).await?)?))
    }

    async fn answer(&self, request: &Request, env: &Env, route: &Route<'_>) -> worker::Result<Response> {
        if !self.lets_in(request)? {
            return refusal(403, "Origin not allowed");
        }
        let Some((namespace, lobby)) = lobby(env, route) else { return refusal(400, "Invalid request") };
        let upgrade =
            header(request, "Upgrade")?.is_some_and(|value| value.eq_ignore_ascii_case("websocket"));
        let file = files::asked(&request.method(), route.rest()).filter(|_| !upgrade);
        let target = Target { namespace, lobby, upgrade, file };
        match &self.cors {
            Some(cors) if request.method() == Method::Options => cors.preflight(),
            Some(cors) if !upgrade => cors.allow(self.enter(request, env, &target).await?),
            _ => self.enter(request, env, &target).await,
        }
    }

    fn lets_in(&self, request: &Request) -> worker::Result<bool> {
        let Some(origins) = &self.origins else { return Ok(true) };
        Ok(origins(header(request, "Origin")?.as_deref(), &request.inner().url()))
    }

    /// Runs the before hook, and if the request passes, reads the file or forwards it to the room.
    async fn enter(&self, request: &Request, env: &Env, target: &Target<'_>) -> worker::Result<Response> {
        let Target { namespace, lobby, upgrade, file } = target;
        let next = match upgrade {
            true => self.before_connect.run(request, lobby).await?,
            false => self.before_request.run(request, lobby).await?,
        };
        match (next, &self.files, file) {
            (Next::Answer(response), ..) => typed(response),
            (Next::Replace(replacement), ..) => self.forward.send(&replacement, namespace, lobby).await,
            (Next::Pass, Some(serve), Some(id)) => serve(request, env, lobby, id).await,
            (Next::Pass, ..) => self.forward.send(request, namespace, lobby).await,
        }
    }
}

impl Default for Router<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C, R> fmt::Debug for Router<'_, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router")
            .field("prefix", &self.prefix)
            .field("cors", &self.cors)
            .finish_non_exhaustive()
    }
}

impl From<Error> for worker::Error {
    fn from(error: Error) -> Self {
        Self::RustError(error.to_string())
    }
}

fn header(request: &Request, name: &str) -> worker::Result<Option<String>> {
    request.headers().get(name)
}

/// Returns the room that a request is for, or `None` if the name of the room or the party is invalid.
fn lobby(env: &Env, route: &Route<'_>) -> Option<(Namespace, Lobby)> {
    let room = RoomName::new(route.room()).ok()?;
    let Some((binding, namespace)) = Namespace::of_party(env, route.party()) else {
        tell_unknown(env, route.party());
        return None;
    };
    Some((namespace, Lobby { binding, party: route.party().to_owned(), room }))
}

/// Tells the operator what was probably meant. It is a warning, since any client can ask for any party.
fn tell_unknown(env: &Env, party: &str) {
    let asked: String = party.chars().take(MAX_LOGGED_CHARS).collect();
    let parties = Namespace::parties(env).join(", ");
    worker::console_warn!("no Durable Object is bound for the party {asked:?}; there are: {parties}");
    if party == "main" {
        worker::console_warn!("`main` is what a PartySocket client asks for that is given no `party`");
    }
}
