//! The connections of one activation in memory, read back from their sockets when the room wakes.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use crate::connection::{Connection, close_quietly};
use crate::message::Frame;
use crate::message::close::{Close, CloseCode, fitting_reason};
use crate::name::{ConnectionId, Tag};
use crate::observe::Record;
use crate::platform::{Platform, SocketId};
use crate::sorted::{Sorted, SortedSet};

/// The connections of a room.
///
/// It is a cache. The truth is the platform's list of sockets and what is kept with each, so it starts empty and takes
/// in a socket when its first event comes, or all of them when somebody asks for all.
///
/// A connection that is closed, by whichever side, is in no index any more: its client may never answer the room's
/// close, and the platform keeps such a socket for as long as the client likes.
pub(crate) struct Registry {
    /// Itself, for the connections.
    this: Weak<Self>,
    platform: Rc<dyn Platform>,
    known: RefCell<Known>,
    /// How many bytes were sent to all, or to those with a tag, in this activation.
    sent: Cell<u64>,
    /// How many bytes were sent to single connections, in this activation.
    sent_singly: Cell<u64>,
    /// Runs when the room has closed a connection.
    closed: Box<Closed>,
}

/// The callback of the owner of a registry for a connection that the room has closed.
type Closed = dyn Fn(SocketId, Close);

#[derive(Default)]
struct Known {
    /// Whether every socket of the platform's has been looked at.
    complete: bool,
    /// The open connections.
    by_socket: Sorted<SocketId, Connection>,
    /// Those that are closed, until their end was handled.
    closing: Sorted<SocketId, Connection>,
    /// The sockets of each id, once something has asked by id in this activation. There is one, except while a newer
    /// one replaces it.
    by_id: Option<SortedSet<(ConnectionId, SocketId)>>,
    /// The sockets of each tag, once somebody has asked by tag in this activation.
    by_tag: Option<Sorted<Tag, SortedSet<SocketId>>>,
}

/// The connections that a frame is for.
#[derive(Default)]
pub(crate) struct Audience<'a> {
    /// All but these.
    pub(crate) except: Vec<ConnectionId>,
    /// Of these only those with any of these tags, if there are any.
    pub(crate) tags: Vec<String>,
    /// Only those of them that the app chooses.
    pub(crate) filter: Option<Box<Filter<'a>>>,
}

/// The app's own choice.
pub(crate) type Filter<'a> = dyn Fn(&Connection) -> bool + 'a;

impl Registry {
    pub(crate) fn new(platform: Rc<dyn Platform>, closed: impl Fn(SocketId, Close) + 'static) -> Rc<Self> {
        let closed: Box<Closed> = Box::new(closed);
        Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            platform,
            known: RefCell::default(),
            sent: Cell::default(),
            sent_singly: Cell::default(),
            closed,
        })
    }

    /// Returns the connection of a socket, or `None` if the framework did not accept it, or its end was handled.
    pub(crate) fn of_socket(&self, socket: SocketId) -> Option<Connection> {
        if let Some(connection) = self.known.borrow().of_socket(socket) {
            return Some(connection.clone());
        }
        let connection = Connection::woken(Rc::clone(&self.platform), Weak::clone(&self.this), socket)?;
        match connection.is_open() {
            true => self.known.borrow_mut().add(socket, &connection),
            // The room has woken for its end, or it ends while the room wakes for something else.
            false => self.known.borrow_mut().closing.insert(socket, connection.clone()),
        }
        Some(connection)
    }

    /// Returns a connection for a client that asks to connect.
    pub(crate) fn arriving(&self, id: ConnectionId, uri: String) -> Connection {
        Connection::arriving(Rc::clone(&self.platform), Weak::clone(&self.this), id, uri)
    }

    /// Closes a connection from the room's side. It does not count from now on, and its end is handled soon, whether
    /// its client answers or not.
    pub(crate) fn close(&self, socket: SocketId, code: CloseCode, reason: &str) {
        let was_open = self.platform.is_open(socket);
        close_quietly(&*self.platform, socket, code, reason);
        if was_open {
            self.known.borrow_mut().closes(socket);
            let reason = fitting_reason(reason).to_owned();
            (self.closed)(socket, Close { code: code.as_u16(), reason, was_clean: true });
        }
    }

    /// Closes all connections, and lets go of them: no event of theirs reaches the room any more.
    pub(crate) fn close_all(&self, code: CloseCode, reason: &str) {
        self.complete();
        let all: Vec<Connection> = self.known.borrow().by_socket.values().cloned().collect();
        for connection in all {
            connection.ends();
            let Some(socket) = connection.socket() else { continue };
            // Without what the framework keeps with it, the socket's close is ignored.
            let _kept = self.platform.attach(socket, &[]);
            close_quietly(&*self.platform, socket, code, reason);
            self.leave(socket);
            self.platform.forget(socket);
        }
    }

    /// Sends one frame to some sockets. Those that cannot take it are closed, and the others get it.
    pub(crate) fn send_to(&self, to: &[SocketId], frame: &Frame<'_>) {
        let mut failed = Vec::new();
        self.platform.send(to, frame, &mut |socket, error| failed.push((socket, error)));
        for (socket, error) in failed {
            let text = format!("a frame could not be sent, the connection is closed: {}", error.chain());
            let record = Record::failure(&*self.platform, text);
            let record = match self.of_socket(socket) {
                Some(connection) => record.about(&connection),
                None => record,
            };
            self.platform.log(record);
            self.close(socket, CloseCode::ERROR, "Unexpected error");
        }
    }

    /// Closes the connections whose state is from an earlier activation and cannot be read, so that their clients come
    /// back at once.
    pub(crate) fn restart_unless(&self, is_readable: fn(&str) -> bool) {
        for connection in self.open(None) {
            connection.restart_unless(is_readable);
        }
    }

    /// Returns the open connection with this id.
    pub(crate) fn of_id(&self, id: &str) -> Option<Connection> {
        let id = ConnectionId::new(id).ok()?;
        self.complete();
        self.known.borrow_mut().of_id(&id).find(|connection| connection.is_open()).cloned()
    }

    /// Returns all open connections, or those with a tag, in the order in which they came.
    pub(crate) fn open(&self, tag: Option<&str>) -> Vec<Connection> {
        self.complete();
        let tags = tag.map(str::to_owned).into_iter().collect();
        let sockets = self.known.borrow_mut().sockets(&Audience { tags, ..Audience::default() });
        let open = self.platform.open_of(sockets);
        let known = self.known.borrow();
        open.iter().filter_map(|socket| known.by_socket.get(socket).cloned()).collect()
    }

    /// Sends one frame to its audience.
    pub(crate) fn send(&self, frame: &Frame<'_>, audience: &Audience<'_>) {
        self.complete();
        let mut to = self.known.borrow_mut().sockets(audience);
        if let Some(chosen) = &audience.filter {
            // The choice is the app's own code, which may ask the room who is there: nothing is borrowed while it runs.
            to.retain(|socket| self.of_socket(*socket).is_some_and(|connection| chosen(&connection)));
        }
        if !to.is_empty() {
            self.sent.set(self.sent.get().saturating_add(frame.len()));
            self.send_to(&to, frame);
        }
    }

    /// Returns how many bytes were broadcast in this activation.
    pub(crate) fn sent_bytes(&self) -> u64 {
        self.sent.get()
    }

    /// Sends one frame to one socket.
    pub(crate) fn send_singly(&self, socket: SocketId, frame: &Frame<'_>) {
        self.sent_singly.set(self.sent_singly.get().saturating_add(frame.len()));
        self.send_to(&[socket], frame);
    }

    /// Returns how many bytes were sent in this activation, a frame to several counted once.
    pub(crate) fn all_sent_bytes(&self) -> u64 {
        self.sent.get().saturating_add(self.sent_singly.get())
    }

    /// Returns the number of connections.
    pub(crate) fn count(&self) -> usize {
        self.complete();
        self.known.borrow().by_socket.len()
    }

    /// Returns whether anyone has this tag.
    pub(crate) fn has_tagged(&self, tag: &str) -> bool {
        self.complete();
        self.known.borrow_mut().tagged().contains_key(tag)
    }

    /// Takes in a connection that was just accepted.
    pub(crate) fn join(&self, socket: SocketId, connection: &Connection) {
        self.known.borrow_mut().add(socket, connection);
    }

    /// Closes the older connections with the id of a new one after `on_connect`, unless the new one is closed itself by
    /// now.
    pub(crate) fn take_over(&self, socket: SocketId, connection: &Connection) {
        if !connection.is_open() {
            return;
        }
        self.complete();
        // Those who come later have higher numbers, and may be greeted sooner.
        let older: Vec<_> = {
            let mut known = self.known.borrow_mut();
            let sockets = known.sockets_of(connection.id()).into_iter().filter(|other| *other < socket);
            sockets.filter_map(|other| known.by_socket.get(&other).cloned()).collect()
        };
        for older in older {
            older.close(CloseCode::REPLACED, "Replaced by a newer connection with the same id");
        }
    }

    /// Forgets a connection whose end was handled.
    pub(crate) fn leave(&self, socket: SocketId) {
        let mut known = self.known.borrow_mut();
        known.remove(socket);
        known.closing.remove(&socket);
    }

    /// Looks at every open socket of the platform's that is not known yet.
    pub(crate) fn complete(&self) {
        if self.known.borrow().complete {
            return;
        }
        match self.platform.sockets() {
            Ok(sockets) => {
                for socket in self.platform.open_of(sockets) {
                    self.of_socket(socket);
                }
                self.known.borrow_mut().complete = true;
            }
            Err(error) => {
                let text = format!("the sockets cannot be listed: {}", error.chain());
                self.platform.log(Record::failure(&*self.platform, text));
            }
        }
    }
}

impl Known {
    fn of_socket(&self, socket: SocketId) -> Option<&Connection> {
        self.by_socket.get(&socket).or_else(|| self.closing.get(&socket))
    }

    /// Removes a closed connection from the indexes.
    fn closes(&mut self, socket: SocketId) {
        if let Some(connection) = self.remove(socket) {
            self.closing.insert(socket, connection);
        }
    }

    /// Returns the sockets of an audience, before the app's own filter.
    fn sockets(&mut self, audience: &Audience<'_>) -> Vec<SocketId> {
        let mut to: Vec<SocketId> = match audience.tags.as_slice() {
            [] => self.by_socket.keys().copied().collect(),
            [tag] => self.with_tag(tag).collect(),
            several => {
                let each = several.iter().flat_map(|tag| self.with_tag(tag).collect::<Vec<_>>());
                SortedSet::from_iter(each).keys().copied().collect()
            }
        };
        for id in &audience.except {
            let except = self.sockets_of(id);
            to.retain(|socket| !except.contains(socket));
        }
        to
    }

    /// Returns the sockets of one tag.
    fn with_tag(&mut self, tag: &str) -> impl Iterator<Item = SocketId> {
        self.tagged().get(tag).into_iter().flat_map(Sorted::keys).copied()
    }

    /// Returns the sockets of each tag.
    fn tagged(&mut self) -> &Sorted<Tag, SortedSet<SocketId>> {
        let by_socket = &self.by_socket;
        self.by_tag.get_or_insert_with(|| {
            let mut by_tag = Sorted::default();
            by_socket.iter().for_each(|(socket, connection)| tag(&mut by_tag, *socket, connection));
            by_tag
        })
    }

    fn add(&mut self, socket: SocketId, connection: &Connection) {
        if let Some(by_tag) = &mut self.by_tag {
            tag(by_tag, socket, connection);
        }
        if let Some(by_id) = &mut self.by_id {
            by_id.insert((connection.id().clone(), socket), ());
        }
        self.by_socket.insert(socket, connection.clone());
    }

    fn of_id(&mut self, id: &ConnectionId) -> impl Iterator<Item = &Connection> {
        self.sockets_of(id).into_iter().filter_map(|socket| self.by_socket.get(&socket))
    }

    fn sockets_of(&mut self, id: &ConnectionId) -> Vec<SocketId> {
        let of_all = || self.by_socket.iter().map(|(socket, connection)| (connection.id().clone(), *socket));
        let by_id = self.by_id.get_or_insert_with(|| of_all().collect());
        let from = (id.clone(), SocketId::MIN);
        by_id.keys_from(&from).take_while(|(own, _)| own == id).map(|(_, socket)| *socket).collect()
    }

    fn remove(&mut self, socket: SocketId) -> Option<Connection> {
        let connection = self.by_socket.remove(&socket)?;
        if let Some(by_id) = &mut self.by_id {
            by_id.remove(&(connection.id().clone(), socket));
        }
        let Some(by_tag) = &mut self.by_tag else { return Some(connection) };
        for tag in connection.tags() {
            let Some(sockets) = by_tag.get_mut(tag) else { continue };
            sockets.remove(&socket);
            if sockets.is_empty() {
                by_tag.remove(tag);
            }
        }
        Some(connection)
    }
}

/// Notes a socket under each of its connection's tags.
fn tag(by_tag: &mut Sorted<Tag, SortedSet<SocketId>>, socket: SocketId, connection: &Connection) {
    for tag in connection.tags() {
        match by_tag.get_mut(tag) {
            Some(sockets) => sockets.insert(socket, ()),
            None => by_tag.insert(tag.clone(), SortedSet::from_iter([socket])),
        }
    }
}
