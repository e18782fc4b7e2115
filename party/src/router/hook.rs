//! The before hooks of a router: their input, and their answers.

use worker::{Request, Response};

use crate::name::RoomName;

/// The room that a request is for.
#[derive(Clone, Debug)]
pub struct Lobby {
    pub(super) binding: String,
    pub(super) party: String,
    pub(super) room: RoomName,
}

impl Lobby {
    /// Returns the name of the party's Durable Object binding, such as `Chat`.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::{Lobby, Next};
    /// # use worker::{Request, Response, Result};
    /// async fn only_chat(_request: &Request, lobby: &Lobby) -> Result<Next> {
    ///     match lobby.binding() {
    ///         "Chat" => Ok(Next::Pass),
    ///         _ => Ok(Next::Answer(Response::error("there is nothing here", 404)?)),
    ///     }
    /// }
    /// ```
    pub fn binding(&self) -> &str {
        &self.binding
    }

    /// Returns the party's name in the address, such as `chat`.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::Lobby;
    /// fn name(lobby: &Lobby) -> String {
    ///     format!("{}/{}", lobby.party(), lobby.room())
    /// }
    /// ```
    pub fn party(&self) -> &str {
        &self.party
    }

    /// Returns the room.
    ///
    /// # Example
    ///
    /// ```no_run
    /// # use party::{Lobby, Next};
    /// # use worker::{Request, Response, Result};
    /// async fn short_names(_request: &Request, lobby: &Lobby) -> Result<Next> {
    ///     match lobby.room().as_str().len() {
    ///         ..=64 => Ok(Next::Pass),
    ///         _ => Ok(Next::Answer(Response::error("the name is too long", 400)?)),
    ///     }
    /// }
    /// ```
    pub fn room(&self) -> &RoomName {
        &self.room
    }
}

/// The decision of a before hook.
///
/// # Example: a header for the room
///
/// ```no_run
/// use party::{Lobby, Next};
/// use worker::{Request, Result};
///
/// async fn mark(request: &Request, _lobby: &Lobby) -> Result<Next> {
///     let mut copy = request.clone_mut()?;
///     copy.headers_mut()?.set("x-user", "7")?;
///     Ok(Next::Replace(copy))
/// }
/// ```
#[derive(Debug)]
pub enum Next {
    /// The request goes on as it is.
    Pass,
    /// The request ends here, with this response. It may have any status, for an upgrade too.
    Answer(Response),
    /// This request goes on in place of the one that came, to the same room.
    Replace(Request),
}

/// A before hook: any `async` closure of a request and a [`Lobby`].
#[expect(async_fn_in_trait, reason = "a worker runs on one thread, its futures need not be Send")]
pub trait Hook {
    /// Looks at a request.
    ///
    /// # Errors
    ///
    /// Fails the request.
    ///
    /// # Example
    ///
    /// A hook of the app's own, with what it needs to check requests:
    ///
    /// ```no_run
    /// use party::{Hook, Lobby, Next, Router};
    /// use worker::{Request, Response, Result};
    ///
    /// struct ByKey(String);
    ///
    /// impl Hook for ByKey {
    ///     async fn run(&self, request: &Request, _lobby: &Lobby) -> Result<Next> {
    ///         match request.headers().get("x-key")?.as_deref() == Some(&self.0) {
    ///             true => Ok(Next::Pass),
    ///             false => Ok(Next::Answer(Response::error("the key is wrong", 401)?)),
    ///         }
    ///     }
    /// }
    ///
    /// let router = Router::new().on_before_request(ByKey("open sesame".to_owned()));
    /// ```
    async fn run(&self, request: &Request, lobby: &Lobby) -> worker::Result<Next>;
}

/// No before hook: everything passes.
#[derive(Clone, Copy, Debug)]
pub struct NoHook;

impl Hook for NoHook {
    async fn run(&self, _request: &Request, _lobby: &Lobby) -> worker::Result<Next> {
        Ok(Next::Pass)
    }
}

impl<F: AsyncFn(&Request, &Lobby) -> worker::Result<Next>> Hook for F {
    async fn run(&self, request: &Request, lobby: &Lobby) -> worker::Result<Next> {
        self(request, lobby).await
    }
}
