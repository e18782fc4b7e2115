//! The worker's part: which object a request is for, and the way there.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use worker::js_sys::{Object, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{Env, Request, Response};

use crate::error::{Error, ErrorKind, Result};
use crate::name::PartyName;
use crate::route::{DEFAULT_PREFIX, Route};

/// The header that carries a room's props to its object.
pub(crate) const PROPS_HEADER: &str = "x-partykit-props";

/// The headers by which the worker speaks to its objects. What a client sends under these names goes no further.
const OWN_HEADERS: [&str; 4] =
    [PROPS_HEADER, "x-partykit-namespace", "x-partykit-jurisdiction", "x-partykit-room"];

/// Sends a request for `/parties/{party}/{room}` to its room; `None` if it is for no room.
///
/// A party is a Durable Object binding, by its name in kebab case: the binding `Chat` serves `/parties/chat/...`. A
/// request for a party that is not bound is answered with 400. [`Router`] has options.
///
/// # Errors
///
/// What the platform fails with on the way to the object.
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
/// # Example
///
/// ```no_run
/// # use worker::{Env, Request, Response};
/// # async fn example(request: Request, env: Env) -> worker::Result<Option<Response>> {
/// party::Router::new().prefix("api/v1/rooms").props(&"free plan")?.route(&request, &env).await
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Router<'a> {
    prefix: &'a str,
    props: Option<String>,
}

impl<'a> Router<'a> {
    /// A router without options.
    pub fn new() -> Self {
        Self { prefix: DEFAULT_PREFIX, props: None }
    }

    /// Another prefix than `parties`. It may have several segments.
    pub fn prefix(mut self, prefix: &'a str) -> Self {
        self.prefix = prefix;
        self
    }

    /// What [`Server::on_start`](crate::Server::on_start) gets if this request starts the room.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the value cannot be written as JSON.
    pub fn props<T: Serialize + ?Sized>(mut self, props: &T) -> Result<Self> {
        let json = serde_json::to_vec(props)
            .map_err(|error| Error::caused(ErrorKind::Json, "the props cannot be written as JSON", error))?;
        // Base64, since a header cannot carry all of Unicode.
        self.props = Some(BASE64_STANDARD.encode(json));
        Ok(self)
    }

    /// Sends a request to its room, see [`route`].
    ///
    /// # Errors
    ///
    /// What the platform fails with on the way to the object.
    pub async fn route(&self, request: &Request, env: &Env) -> worker::Result<Option<Response>> {
        let path = request.path();
        let Some(route) = Route::parse(&path, self.prefix) else { return Ok(None) };
        let Ok((party, room)) = route.names() else { return invalid_request() };
        let Some(binding) = binding_of(env, &party) else {
            worker::console_error!(
                "no Durable Object is bound for the party {party:?}; there are: {}",
                parties(env)
            );
            return invalid_request();
        };
        let object = env.durable_object(&binding)?.get_by_name(room.as_str())?;
        object.fetch_with_request(self.forwarded(request)?).await.map(Some)
    }

    /// The request as the object gets it.
    fn forwarded(&self, request: &Request) -> worker::Result<Request> {
        let mut forwarded = request.clone_mut()?;
        let headers = forwarded.headers_mut()?;
        for name in OWN_HEADERS {
            headers.delete(name)?;
        }
        if let Some(props) = &self.props {
            headers.set(PROPS_HEADER, props)?;
        }
        Ok(forwarded)
    }
}

impl Default for Router<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Error> for worker::Error {
    fn from(error: Error) -> Self {
        Self::RustError(error.to_string())
    }
}

fn invalid_request() -> worker::Result<Option<Response>> {
    Response::error("Invalid request", 400).map(Some)
}

/// The Durable Object binding that serves a party.
fn binding_of(env: &Env, party: &PartyName) -> Option<String> {
    objects(env).find(|binding| PartyName::of_binding(binding) == *party)
}

fn parties(env: &Env) -> String {
    objects(env).map(|binding| PartyName::of_binding(&binding).to_string()).collect::<Vec<_>>().join(", ")
}

/// The names of the Durable Object bindings.
fn objects(env: &Env) -> impl Iterator<Item = String> {
    let env: &JsValue = env.unchecked_ref();
    Object::keys(env.unchecked_ref::<Object>()).into_iter().filter_map(|name| {
        let binding = Reflect::get(env, &name).ok()?;
        let constructor = Reflect::get(&binding, &JsValue::from_str("constructor")).ok()?;
        let class = Reflect::get(&constructor, &JsValue::from_str("name")).ok()?;
        (class.as_string()? == "DurableObjectNamespace").then(|| name.as_string())?
    })
}
