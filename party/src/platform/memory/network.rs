//! Sockets between a room and its clients, as the platform keeps them while the room sleeps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use crate::error::{Error, ErrorKind, Result};
use crate::message::Message;
use crate::message::close::{Close, CloseCode};
use crate::name::Tag;
use crate::platform::SocketId;
use crate::testing::Kept;
use crate::timestamp::Timestamp;

/// All sockets that were ever accepted on the object.
#[derive(Default)]
pub(crate) struct Network {
    sockets: BTreeMap<SocketId, Socket>,
    /// The sockets that the room has closed and whose clients have not answered yet.
    closing: BTreeSet<SocketId>,
    /// The text that is answered without the room, and its answer. It outlives the room's memory, not the machine.
    auto_response: Option<(String, String)>,
    /// How many frames the room has sent to sockets that were closed.
    pub(crate) wasted: u64,
}

/// Both ends of a socket.
struct Socket {
    tags: Vec<String>,
    attachment: Vec<u8>,
    state: State,
    client: ClientEnd,
    /// When a frame of it was last answered without the room.
    answered: Option<Timestamp>,
    /// The line is cut, and nobody has noticed: nothing comes through any more, closes included.
    cut: bool,
    /// The client does not answer when the room closes it.
    defies: bool,
    /// The platform takes no frame for it any more.
    refuses_frames: bool,
}

/// The client's end: the frames that have reached it.
#[derive(Default)]
pub(crate) struct ClientEnd {
    pub(crate) received: VecDeque<Rc<Message>>,
    pub(crate) closed: Option<Close>,
}

/// The server end's state, as `readyState` tells it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The room has closed it, the client has not answered.
    ClosedByRoom,
    /// The client has closed it, the room has not answered.
    ClosedByClient,
    Closed,
}

impl Network {
    pub(super) fn accept(&mut self, tags: &[Tag], attachment: &[u8]) -> SocketId {
        let next = self.sockets.last_key_value().map_or(0, |(last, _)| last.0.wrapping_add(1));
        let tags = tags.iter().map(Tag::to_string).collect();
        let socket = Socket {
            tags,
            attachment: attachment.to_owned(),
            state: State::Open,
            client: ClientEnd::default(),
            answered: None,
            cut: false,
            defies: false,
            refuses_frames: false,
        };
        self.sockets.insert(SocketId(next), socket);
        SocketId(next)
    }

    pub(super) fn sockets(&self) -> Vec<SocketId> {
        let there = |(socket, kept): (&SocketId, &Socket)| (kept.state != State::Closed).then_some(*socket);
        self.sockets.iter().filter_map(there).collect()
    }

    pub(crate) fn is_open(&self, socket: SocketId) -> bool {
        self.sockets.get(&socket).is_some_and(|socket| socket.state == State::Open)
    }

    pub(super) fn tags(&self, socket: SocketId) -> Result<Vec<String>> {
        self.sockets.get(&socket).map(|socket| socket.tags.clone()).ok_or_else(gone)
    }

    pub(super) fn attachment(&self, socket: SocketId) -> Option<Vec<u8>> {
        self.sockets.get(&socket).map(|socket| socket.attachment.clone())
    }

    pub(super) fn attach(&mut self, socket: SocketId, attachment: &[u8]) -> Result<()> {
        let socket = self.sockets.get_mut(&socket).filter(|socket| socket.state != State::Closed);
        socket.ok_or_else(gone)?.attachment = attachment.to_owned();
        Ok(())
    }

    /// Returns the attachment of each open connection.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        let open = self.sockets.values().filter(|socket| socket.state == State::Open);
        let kept = |socket: &Socket| Kept {
            tags: socket.tags.clone(),
            attachment: String::from_utf8_lossy(&socket.attachment).into_owned(),
        };
        open.map(kept).collect()
    }

    /// Returns a connection as it was kept.
    pub(crate) fn restore(&mut self, kept: &Kept) -> SocketId {
        let socket = self.accept(&[], kept.attachment.as_bytes());
        if let Some(restored) = self.sockets.get_mut(&socket) {
            restored.tags.clone_from(&kept.tags);
        }
        socket
    }

    /// Replaces what is kept with each socket.
    pub(crate) fn replace_attachments(&mut self, replace: impl Fn(Vec<u8>) -> Vec<u8>) {
        for socket in self.sockets.values_mut() {
            socket.attachment = replace(std::mem::take(&mut socket.attachment));
        }
    }

    pub(super) fn send(&mut self, socket: SocketId, message: &Rc<Message>) -> Result<()> {
        let Some(socket) = self.sockets.get_mut(&socket) else { return Ok(()) };
        if socket.state != State::Open {
            self.wasted = self.wasted.saturating_add(1);
        } else if socket.refuses_frames {
            return Err(Error::new(ErrorKind::Platform, "the connection takes no more frames"));
        } else if !socket.cut {
            socket.client.received.push_back(Rc::clone(message));
        }
        Ok(())
    }

    pub(super) fn set_auto_response(&mut self, request: &str, response: &str) {
        self.auto_response = Some((request.to_owned(), response.to_owned()));
    }

    pub(super) fn last_auto_response(&self, socket: SocketId) -> Option<Timestamp> {
        self.sockets.get(&socket)?.answered
    }

    /// Answers a frame of a client's, if it is the one that is answered without the room; whether it was.
    pub(crate) fn auto_respond(&mut self, socket: SocketId, message: &Message, now: Timestamp) -> bool {
        let Some((request, response)) = &self.auto_response else { return false };
        let Some(socket) = self.sockets.get_mut(&socket) else { return false };
        if message.as_text() != Some(request) {
            return false;
        }
        socket.answered = Some(now);
        socket.client.received.push_back(Rc::new(Message::Text(response.clone())));
        true
    }

    /// Cuts the network of a socket without an event on either side.
    pub(crate) fn cut(&mut self, socket: SocketId) {
        if let Some(socket) = self.sockets.get_mut(&socket) {
            socket.cut = true;
        }
    }

    /// Makes the client ignore the room's close frame.
    pub(crate) fn defy(&mut self, socket: SocketId) {
        if let Some(socket) = self.sockets.get_mut(&socket) {
            socket.defies = true;
        }
    }

    /// Makes the platform refuse all frames for the socket.
    pub(crate) fn refuse_frames(&mut self, socket: SocketId) {
        if let Some(socket) = self.sockets.get_mut(&socket) {
            socket.refuses_frames = true;
        }
    }

    /// Returns whether the client has a line on which it can send.
    pub(crate) fn has_line(&self, socket: SocketId) -> bool {
        self.sockets.get(&socket).is_some_and(|socket| match socket.state {
            State::Open => !socket.cut,
            State::ClosedByRoom => !socket.cut && socket.defies,
            State::ClosedByClient | State::Closed => false,
        })
    }

    /// Closes a socket for the room, or answers its client's close.
    pub(super) fn close(&mut self, socket: SocketId, code: u16, reason: &str) -> Result<()> {
        CloseCode::new(code)?;
        let id = socket;
        let socket = self.sockets.get_mut(&id).ok_or_else(gone)?;
        let close = Close { code, reason: reason.to_owned(), was_clean: true };
        match socket.state {
            State::Open if socket.cut => socket.state = State::ClosedByRoom,
            State::Open => {
                socket.state = State::ClosedByRoom;
                socket.client.closed.get_or_insert(close);
                self.closing.insert(id);
            }
            State::ClosedByClient => {
                socket.state = State::Closed;
                socket.client.closed.get_or_insert(close);
            }
            State::ClosedByRoom | State::Closed => {}
        }
        Ok(())
    }

    /// Forgets a socket. Until its client has answered the room's close, it is still among the room's sockets.
    pub(crate) fn forget(&mut self, socket: SocketId) {
        if let Some(socket) = self.sockets.get_mut(&socket)
            && socket.state != State::ClosedByRoom
        {
            socket.state = State::Closed;
        }
    }

    /// Sends the client's close frame, in answer to the room's or by itself. Returns `false` if it was sent already.
    pub(crate) fn client_closes(&mut self, socket: SocketId) -> bool {
        let Some(socket) = self.sockets.get_mut(&socket) else { return false };
        let new = matches!(socket.state, State::Open | State::ClosedByRoom) && !socket.cut;
        if new {
            socket.state = State::ClosedByClient;
        }
        new
    }

    /// Breaks the connection without a close frame. Returns `false` if it was closed already.
    pub(crate) fn breaks(&mut self, socket: SocketId) -> bool {
        let Some(socket) = self.sockets.get_mut(&socket) else { return false };
        let was = std::mem::replace(&mut socket.state, State::Closed);
        if was != State::Closed {
            socket.client.closed.get_or_insert(Close { code: 1006, reason: String::new(), was_clean: false });
        }
        was != State::Closed
    }

    /// Takes the sockets that the room has closed since and whose clients are about to answer.
    pub(crate) fn take_closing(&mut self) -> Vec<(SocketId, Close)> {
        let closing = std::mem::take(&mut self.closing).into_iter();
        let answers = |id| {
            let socket = self.sockets.get(&id)?;
            let waits = socket.state == State::ClosedByRoom && !socket.cut && !socket.defies;
            waits.then(|| socket.client.closed.clone()).flatten().map(|close| (id, close))
        };
        closing.filter_map(answers).collect()
    }

    /// Returns the client's end of a socket.
    pub(crate) fn client(&mut self, socket: SocketId) -> Option<&mut ClientEnd> {
        self.sockets.get_mut(&socket).map(|socket| &mut socket.client)
    }

    /// Breaks every socket, as when the machine is lost.
    pub(crate) fn crash(&mut self) {
        self.auto_response = None;
        let all: Vec<SocketId> = self.sockets.keys().copied().collect();
        for socket in all {
            self.breaks(socket);
        }
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Closed, "the connection is gone")
}
