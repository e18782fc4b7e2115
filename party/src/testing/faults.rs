//! Faults that a test makes: memory that is lost, another build, a full disk, a clock that is wrong.

use std::marker::PhantomData;
use std::time::Duration;

use super::TestRoom;
use super::simulation::Build;
use crate::Server;

impl<S: Server> TestRoom<S> {
    /// Takes the room out of memory, as when it sleeps: the struct is lost with its work in progress, the connections
    /// and the database stay. The next event starts it again.
    ///
    /// Use it in the middle of a test, to find state that the room keeps only in its struct.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// room.evict();
    /// ada.send("one more");
    /// assert_eq!([ada.receive_text(), ada.receive_text()], ["1", "2"]);
    /// ```
    pub fn evict(&self) {
        self.machine.evict();
    }

    /// Deploys another build: the room's memory is gone, its connections and its database stay, and from now on `Next`
    /// is the room. As on the platform, nothing closes the connections of a room that sleeps. In a
    /// [`TestWorld`](super::TestWorld), the other rooms keep their build, as while a deploy is under way.
    ///
    /// # Example
    ///
    /// ```
    /// use party::testing::TestRoom;
    /// use party::{Connection, ConnectionContext, Message, Props, Result, Room, Server};
    /// # struct First;
    /// # impl Server for First {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// // The first build keeps a name with a connection,
    /// async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     who.set_state("Ada")
    /// }
    /// # }
    /// # struct Second;
    /// # impl Server for Second {
    /// #     async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// // and the second one reads it.
    /// async fn on_message(&self, _room: &Room, from: &Connection, _message: Message) -> Result<()> {
    ///     from.send(from.state::<String>()?.unwrap_or_default());
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<First>::new("lobby");
    /// let ada = room.connect("ada");
    /// let room = room.deploy::<Second>();
    /// ada.send("who am I?");
    /// assert_eq!(ada.receive_text(), "Ada");
    /// assert!(room.errors().is_empty());
    /// ```
    pub fn deploy<Next: Server>(self) -> TestRoom<Next> {
        let Self { machine, .. } = self;
        machine.deploy(Build::of::<Next>());
        TestRoom { machine, server: PhantomData }
    }

    /// Crashes the machine: memory is lost, and every connection breaks. The database stays.
    ///
    /// Clients receive no close frame: [`TestClient::closed`](super::TestClient::closed) has the code 1006. The room's
    /// `on_close` is not called.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// ada.send("one more");
    /// room.crash();
    /// assert!(!ada.is_open());
    /// assert_eq!(room.get("").text(), "1", "the count was stored");
    /// ```
    pub fn crash(&self) {
        self.machine.network().borrow_mut().crash();
        self.machine.evict();
    }

    /// Fills the disk, or frees it again: while it is full, the database refuses to write. Stored data can be read.
    ///
    /// A room has 10 GB on the platform. What a hook returns for the failed write decides what the client is sent.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let ada = room.connect("ada");
    /// room.fill_disk(true);
    /// ada.send("one more");
    /// assert!(ada.receive_text().contains(r#""type":"error""#));
    /// room.fill_disk(false);
    /// ada.send("one more");
    /// assert_eq!(ada.receive_text(), "1");
    /// ```
    pub fn fill_disk(&self, full: bool) {
        self.machine.room.durable.database.set_full(full);
    }

    /// Removes the alarm without the room, as the platform does after too many failures.
    ///
    /// A room that depends on its alarm has to find that out when it starts again, as
    /// [`Jobs::open`](crate::parts::jobs::Jobs::open) does.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// room.connect("ada").send("one more");
    /// room.lose_alarm();
    /// room.advance(Duration::from_secs(3_600));
    /// assert_eq!(room.get("").text(), "1", "nothing has set the count back");
    /// ```
    pub fn lose_alarm(&self) {
        self.machine.room.durable.alarm.set(None);
    }

    /// Sets the virtual clock back, as the clock of a machine may be. Sleeping tasks wait until the clock reaches their
    /// time again, as on the platform.
    ///
    /// A room must not fail when that happens: it is common after a machine has moved or was corrected by NTP.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let before = room.now();
    /// room.set_clock_back(Duration::from_secs(5));
    /// assert_eq!(before.since(room.now()), Duration::from_secs(5));
    /// ```
    pub fn set_clock_back(&self, by: Duration) {
        let now = &self.machine.rooms.world.now;
        now.set(now.get() - by);
    }

    /// Replaces the attachment of each connection's socket, as a build with another format would.
    #[doc(hidden)]
    pub fn replace_attachments(&self, replace: impl Fn(Vec<u8>) -> Vec<u8>) {
        self.machine.network().borrow_mut().replace_attachments(replace);
    }
}
