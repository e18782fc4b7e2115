//! A room as another worker or object sees it.

use std::fmt;

use serde::Serialize;
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Request, Response};

use super::forward::{Forward, encode_props};
use super::{Lobby, Namespace, Retry};
use crate::error::Result;
use crate::host::errand::Kind;
use crate::name::RoomName;
use crate::platform::{unreachable, workers::internal};
use crate::router::call::{self, Call};
use crate::router::subprotocol::Subprotocols;

/// The options by which [`server_by_name`] finds and starts a room.
#[derive(Clone, Default)]
pub struct ServerOptions<'a>(Forward<'a>);

impl<'a> ServerOptions<'a> {
    /// Returns no options.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new();
    /// # let _ = options;
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the props that [`Server::on_start`](crate::Server::on_start) receives if the room starts for this.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when the value cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new().props(&("free plan", 10))?;
    /// # let _ = options;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn props<T: Serialize + ?Sized>(mut self, props: &T) -> Result<Self> {
        self.0.props = Some(encode_props(props)?);
        Ok(self)
    }

    /// Sets where a new room should be made, see [`Router::location_hint`](crate::Router::location_hint).
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new().location_hint("weur");
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn location_hint(mut self, hint: &'a str) -> Self {
        self.0.location_hint = Some(hint);
        self
    }

    /// Sets where the room must stay, see [`Router::jurisdiction`](crate::Router::jurisdiction).
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new().jurisdiction("eu");
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn jurisdiction(mut self, jurisdiction: &'a str) -> Self {
        self.0.jurisdiction = Some(jurisdiction);
        self
    }

    /// Selects subprotocols of the app's own for upgrades that go through [`Stub::fetch`], see
    /// [`Router::subprotocols`](crate::Router::subprotocols).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a text that cannot be the name of a subprotocol.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new().subprotocols(&["chat.v2"])?;
    /// # let _ = options;
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn subprotocols(mut self, subprotocols: &'a [&'a str]) -> Result<Self> {
        self.0.subprotocols = Some(Subprotocols::new(subprotocols)?);
        Ok(self)
    }

    /// Sets how often an attempt to start the room, or to send it a request without a body, is repeated. On by default,
    /// see [`Retry`].
    ///
    /// # Example
    ///
    /// ```
    /// use party::{Retry, ServerOptions};
    ///
    /// let options = ServerOptions::new().retry(Retry::new().max_attempts(5)?);
    /// # let _ = options;
    /// # Ok::<(), party::Error>(())
    /// ```
    #[must_use]
    pub fn retry(mut self, retry: Retry<'a>) -> Self {
        self.0.retry = Some(retry);
        self
    }

    /// Fails at the first attempt that fails, also where the platform would try again by itself. Calls too.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ServerOptions;
    ///
    /// let options = ServerOptions::new().no_retry();
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn no_retry(mut self) -> Self {
        self.0.retry = None;
        self
    }
}

impl fmt::Debug for ServerOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerOptions")
    }
}

/// Returns a room of a namespace, started.
///
/// # Errors
///
/// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for a name that no room can have;
/// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when the room cannot be reached;
/// [`ErrorKind::Refused`](crate::ErrorKind::Refused) or [`ErrorKind::Other`](crate::ErrorKind::Other) when it cannot
/// start.
///
/// # Example
///
/// ```no_run
/// use party::{Namespace, ServerOptions, server_by_name};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct AddPoints { player: String, points: u32 }
/// # impl party::Call for AddPoints { type Reply = u32; }
///
/// # async fn example(env: worker::Env) -> party::Result<u32> {
/// let games = Namespace::of_binding(&env, "Game")?;
/// let room = server_by_name(&games, "final", ServerOptions::new()).await?;
/// room.call(&AddPoints { player: "Ada".into(), points: 3 }).await
/// # }
/// ```
pub async fn server_by_name<'a>(
    namespace: &Namespace,
    name: &str,
    options: ServerOptions<'a>,
) -> Result<Stub<'a>> {
    let room = RoomName::new(name)?;
    let lobby = Lobby { binding: String::new(), party: String::new(), room };
    let stub = Stub { namespace: namespace.clone(), lobby, forward: options.0 };
    let (status, text) = stub.internal(Kind::Start, "", stub.forward.retry.as_ref()).await?;
    call::answered(status, text)?;
    Ok(stub)
}

/// A room as another worker or object sees it, from [`server_by_name`].
pub struct Stub<'a> {
    namespace: Namespace,
    lobby: Lobby,
    forward: Forward<'a>,
}

impl Stub<'_> {
    /// Returns the room's name.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::{Namespace, ServerOptions, server_by_name};
    /// # async fn example(games: Namespace) -> party::Result<()> {
    /// let room = server_by_name(&games, "final", ServerOptions::new()).await?;
    /// assert_eq!(room.name().as_str(), "final");
    /// # Ok(())
    /// # }
    /// ```
    pub fn name(&self) -> &RoomName {
        &self.lobby.room
    }

    /// Sends a request to the room, upgrades included. The framework's own headers are taken off it.
    ///
    /// # Errors
    ///
    /// The errors of the platform on the way to the room.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::{Namespace, ServerOptions, server_by_name};
    /// # async fn example(games: Namespace, request: worker::Request) -> worker::Result<worker::Response> {
    /// let room = server_by_name(&games, "final", ServerOptions::new()).await.map_err(|error| error.to_string())?;
    /// room.fetch(&request).await
    /// # }
    /// ```
    pub async fn fetch(&self, request: &Request) -> worker::Result<Response> {
        self.forward.send(request, &self.namespace, &self.lobby).await
    }

    /// Asks the room and gives its answer, see [`Server::on_call`](crate::Server::on_call).
    ///
    /// A room gets a call at most once, with any [`retry`](ServerOptions::retry): when the connection to the room
    /// breaks, nobody can tell whether the room has done what it was asked for. Only the platform sends a call again,
    /// one that has not reached the room, see [`Retry`]. A call that may be repeated is one that the room knows again,
    /// by an id of its own.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`](crate::ErrorKind::Refused) when the room refuses, with its status and text;
    /// [`ErrorKind::Other`](crate::ErrorKind::Other) when it fails;
    /// [`ErrorKind::Platform`](crate::ErrorKind::Platform) when it cannot be reached;
    /// [`ErrorKind::Json`](crate::ErrorKind::Json) when call or answer do not fit.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::{Call, Result, Stub};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct AddPoints { id: String, player: String, points: u32 }
    /// # impl Call for AddPoints { type Reply = u32; }
    /// async fn reward(room: &Stub<'_>, order: &str) -> Result<u32> {
    ///     room.call(&AddPoints { id: order.to_owned(), player: "Ada".to_owned(), points: 3 }).await
    /// }
    /// ```
    pub async fn call<C: Call>(&self, call: &C) -> Result<C::Reply> {
        let (status, text) = self.internal(Kind::Call, &call::question(call)?, None).await?;
        call::answer::<C>(status, text)
    }

    /// Sends an internal request of the framework. Returns the status and the text of the response.
    async fn internal(&self, kind: Kind, body: &str, retry: Option<&Retry<'_>>) -> Result<(u16, String)> {
        let attempt = async |number| {
            let request = internal::request(kind, body)?;
            self.forward.mark(&request.headers(), &self.lobby)?;
            let stub = self.forward.stub(&self.namespace, self.lobby.room.as_str(), number)?;
            JsFuture::from(stub.fetch(&request)?).await
        };
        let response = Retry::run(retry, &self.lobby, attempt).await;
        internal::read(response.map_err(|error| unreachable(self.lobby.room.as_str(), &error))?).await
    }
}

impl fmt::Debug for Stub<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stub").field("room", &self.lobby.room).finish_non_exhaustive()
    }
}
