//! What a test can look at: the log, the database, the clock and the alarm.

use super::TestRoom;
use crate::Server;
use crate::timestamp::Timestamp;

impl<S: Server> TestRoom<S> {
    /// Returns the time on the virtual clock.
    ///
    /// Only [`advance`](Self::advance) and [`set_clock_back`](Self::set_clock_back) change it.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let start = room.now();
    /// room.advance(Duration::from_secs(90));
    /// assert_eq!(room.now(), start + Duration::from_secs(90));
    /// ```
    pub fn now(&self) -> Timestamp {
        self.machine.now()
    }

    /// Returns how many connections are open.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// let _ada = room.connect("ada");
    /// assert_eq!(room.connections(), 1);
    /// ```
    pub fn connections(&self) -> usize {
        self.machine.network().borrow().kept().len()
    }

    /// Returns when the alarm is due.
    ///
    /// `None` if no alarm is set, and while `on_alarm` runs.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// assert_eq!(room.alarm(), None);
    /// room.connect("ada").send("one more");
    /// assert_eq!(room.alarm(), Some(room.now() + Duration::from_secs(60)));
    /// ```
    pub fn alarm(&self) -> Option<Timestamp> {
        self.machine.room.durable.alarm.get()
    }

    /// Returns the lines that the room has logged since the last call, errors included.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::example::Counter;
    /// # use party::testing::TestRoom;
    /// # use party::{Connection, ConnectionContext, Props, Result, Room, Server};
    /// # struct Door;
    /// # impl Server for Door {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_connect(&self, room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
    ///     room.log(&format!("{} came", who.id()));
    ///     Ok(())
    /// }
    /// # }
    ///
    /// let room = TestRoom::<Door>::new("door");
    /// let _ada = room.connect("ada");
    /// assert!(room.log()[0].contains("ada came"));
    /// assert!(room.log().is_empty(), "each line is returned once");
    /// ```
    pub fn log(&self) -> Vec<String> {
        self.machine.room.durable.log.take().iter().map(ToString::to_string).collect()
    }

    /// Returns the errors among what the room has logged.
    ///
    /// They stay in the log. Check at the end of a test that there are none: an error of a hook does not fail the test
    /// by itself.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// room.connect("ada").send("one more");
    /// assert!(room.errors().is_empty());
    ///
    /// room.fill_disk(true);
    /// room.connect("bob").send("one more");
    /// assert_eq!(room.errors().len(), 1);
    /// ```
    pub fn errors(&self) -> Vec<String> {
        self.machine.room.durable.errors()
    }

    /// Returns the room's values by key.
    ///
    /// Reading it does not start the room. Use it to prepare values of an earlier build, or to check what was stored.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// room.storage().put("count", &41)?;
    /// room.connect("ada").send("one more");
    /// assert_eq!(room.storage().get::<u32>("count")?, Some(42));
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn storage(&self) -> crate::Storage {
        crate::Storage::new(self.machine.room.platform())
    }

    /// Returns the room's database.
    ///
    /// As [`storage`](Self::storage), it does not start the room.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::testing::{TestRoom, example::Counter};
    /// let room = TestRoom::<Counter>::new("lobby");
    /// room.sql().execute("CREATE TABLE players (name TEXT)", ())?;
    /// room.sql().execute("INSERT INTO players VALUES (?)", ("Ada",))?;
    /// let (players,): (u32,) = room.sql().query_one("SELECT count(*) FROM players", ())?;
    /// assert_eq!(players, 1);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn sql(&self) -> crate::Sql {
        crate::Sql::new(self.machine.room.platform())
    }
}
