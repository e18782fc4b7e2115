//! The client that gets the answer to a frame: a connection of this object, or a client of one of its relays.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::Channel;
use super::held::Held;
use super::rules::Rules;
use crate::error::{Error, Result};
use crate::message::Frame;
use crate::parts::wire::Json;
use crate::{CloseCode, Connection};

/// The client that gets the answer to a frame.
pub(super) enum Asker<R: Rules> {
    /// A connection of this object.
    Here(Connection),
    /// A client of a relay.
    Relayed(Rc<Relayed<R>>),
}

/// A client of a relay, while its frames are handled.
pub(super) struct Relayed<R: Rules> {
    profile: RefCell<Option<Rc<R::Profile>>>,
    held: Rc<Held>,
    /// The frames that answer it, in their order.
    pub(super) answers: RefCell<Vec<Json>>,
    /// The first of its operations that was refused for a while, and for how long.
    pub(super) refused: RefCell<Option<(String, Duration)>>,
    /// How its connection is to be closed.
    pub(super) closed: RefCell<Option<(CloseCode, String)>>,
    /// The frame with which it has said of itself what was accepted last.
    pub(super) introduced: RefCell<Option<String>>,
}

impl<R: Rules> Relayed<R> {
    pub(super) fn new(profile: R::Profile) -> Rc<Self> {
        Rc::new(Self {
            profile: RefCell::new(Some(Rc::new(profile))),
            held: Rc::default(),
            answers: RefCell::default(),
            refused: RefCell::default(),
            closed: RefCell::default(),
            introduced: RefCell::default(),
        })
    }

    pub(super) fn set_profile(&self, profile: R::Profile) {
        self.profile.replace(Some(Rc::new(profile)));
    }
}

impl<R: Rules> Asker<R> {
    /// Returns the connection, if it is of this object.
    pub(super) fn connection(&self) -> Option<&Connection> {
        match self {
            Self::Here(connection) => Some(connection),
            Self::Relayed(_) => None,
        }
    }

    /// Returns the profile of the member, as far as it has one.
    pub(super) fn profile(&self) -> Result<Option<Rc<R::Profile>>> {
        match self {
            Self::Here(connection) => Channel::<R>::profile_of(connection),
            Self::Relayed(client) => Ok(client.profile.borrow().clone()),
        }
    }

    /// Returns the order of its operations.
    pub(super) fn held(&self) -> Rc<Held> {
        match self {
            Self::Here(connection) => Held::of(connection),
            Self::Relayed(client) => Rc::clone(&client.held),
        }
    }

    pub(super) fn send<'f>(&self, frame: impl Into<Frame<'f>>) {
        match self {
            Self::Here(connection) => connection.send(frame),
            Self::Relayed(client) => {
                if let Frame::Text(text) = frame.into()
                    && let Ok(frame) = Json::from_text(text.into_owned())
                {
                    client.answers.borrow_mut().push(frame);
                }
            }
        }
    }

    pub(super) fn close(&self, code: CloseCode, reason: &str) {
        match self {
            Self::Here(connection) => connection.close(code, reason),
            Self::Relayed(client) => {
                client.closed.borrow_mut().get_or_insert((code, reason.to_owned()));
            }
        }
    }

    /// Sends an error, and closes the connection if the error says so.
    pub(super) fn send_error(&self, error: &Error) {
        self.send(Frame::from(error));
        if let Some(code) = error.close_code() {
            self.close(code, error.public_text());
        }
    }

    /// Notes the frame with which it has said of itself what was accepted.
    pub(super) fn introduces(&self, id: &str) {
        if let Self::Relayed(client) = self {
            client.introduced.replace(Some(id.to_owned()));
        }
    }

    /// Notes that an operation was refused for a while.
    pub(super) fn hold(&self, id: &str, wait: Duration) {
        if let Self::Relayed(client) = self {
            client.refused.borrow_mut().get_or_insert((id.to_owned(), wait));
        }
    }
}

impl<R: Rules> Clone for Asker<R> {
    fn clone(&self) -> Self {
        match self {
            Self::Here(connection) => Self::Here(connection.clone()),
            Self::Relayed(client) => Self::Relayed(Rc::clone(client)),
        }
    }
}

impl<R: Rules> PartialEq for Asker<R> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Here(one), Self::Here(other)) => one == other,
            (Self::Relayed(one), Self::Relayed(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }
}
