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
    pub fn binding(&self) -> &str {
        &self.binding
    }

    /// Returns the party's name in the address, such as `chat`.
    pub fn party(&self) -> &str {
        &self.party
    }

    /// Returns the room.
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
