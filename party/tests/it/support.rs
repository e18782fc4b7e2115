//! Tools of all modules: gates at which a hook waits until the test says so, and the room's own account of what it did.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::task::{Poll, Waker};
use std::time::Duration;

use party::testing::TestRoom;
use party::{Connection, MemberId, Result, Room, Server};

/// The name of the rooms in these tests; each test has a thread, and so rooms and doors, of its own.
pub(crate) const ROOM: &str = "lobby";

/// Returns the member whose id is that of the connection.
pub(crate) fn member_of(who: &Connection) -> Result<MemberId> {
    MemberId::new(who.id().as_str())
}

thread_local! {
    /// The hooks that wait at each door that is shut.
    static SHUT: RefCell<BTreeMap<String, Vec<Waker>>> = RefCell::default();
}

/// A door that is shut: a hook that comes to it waits. It opens when it is dropped, too.
pub(crate) struct Door(String);

impl Door {
    /// Shuts the door of the room [`ROOM`].
    pub(crate) fn shut() -> Self {
        SHUT.with_borrow_mut(|shut| shut.insert(ROOM.to_owned(), Vec::new()));
        Self(ROOM.to_owned())
    }

    /// Opens it, and lets the room go on with what waited before it.
    pub(crate) fn open<S: Server>(self, room: &TestRoom<S>) {
        drop(self);
        room.advance(Duration::ZERO);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let waiting = SHUT.with_borrow_mut(|shut| shut.remove(&self.0));
        waiting.into_iter().flatten().for_each(Waker::wake);
    }
}

/// Waits until the room's door is open.
pub(crate) async fn door(room: &Room) {
    poll_fn(|context| {
        SHUT.with_borrow_mut(|shut| match shut.get_mut(room.name().as_str()) {
            Some(waiting) => {
                waiting.push(context.waker().clone());
                Poll::Pending
            }
            None => Poll::Ready(()),
        })
    })
    .await;
}

/// Returns what the room has logged since the last call, without its name in front.
pub(crate) fn told<S: Server>(room: &TestRoom<S>) -> Vec<String> {
    let prefix = format!("[{ROOM}] ");
    let own = |line: String| line.strip_prefix(&prefix).unwrap_or(&line).to_owned();
    room.log().into_iter().map(own).collect()
}

/// Checks that the id in an answer or an error frame is in the log, together with the cause.
pub(crate) fn assert_logged<S: Server>(room: &TestRoom<S>, id: &str, cause: &str) {
    let errors = room.errors();
    let found = errors.iter().any(|line| line.contains(id) && line.contains(cause));
    assert!(found, "no {id:?} with {cause:?} in {errors:#?}");
}
