//! Somebody in a test room, and the battles that tests begin with.

use std::cell::RefCell;

use party::testing::{TestClient, TestRoom};
use party::{ErrorCode, ErrorFrame};
use serde::Deserialize;

use super::super::Game;
use crate::fleet::CELLS;
use crate::protocol::{ClientFrame, ServerFrame, View};
use crate::rules::{Phase, Side};
pub(super) use crate::table::TURN;
use crate::table::Table;

/// A member in a room: their client, side and secret, and every frame that they ever received after the welcome.
pub(super) struct Guest {
    pub(super) client: TestClient,
    pub(super) side: Option<Side>,
    pub(super) secret: Option<String>,
    pub(super) frames: RefCell<Vec<String>>,
}

/// A frame that may come after the welcome.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Received {
    View(View),
    Error(ErrorFrame),
}

impl Guest {
    pub(super) fn join(room: &TestRoom<Game>, id: &str) -> Self {
        Self::welcome(room.connecting(id).query("play", "1").connect())
    }

    pub(super) fn watch(room: &TestRoom<Game>, id: &str) -> Self {
        Self::welcome(room.connect(id))
    }

    pub(super) fn come_back(room: &TestRoom<Game>, id: &str, secret: &str) -> Self {
        Self::welcome(room.connecting(id).bearer(secret).query("play", "1").connect())
    }

    fn welcome(client: TestClient) -> Self {
        let welcome = client.receive_json();
        let ServerFrame::Welcome { side, secret } = welcome else { panic!("got {welcome:?}") };
        Self { client, side, secret, frames: RefCell::default() }
    }

    pub(super) fn send(&self, frame: ClientFrame) {
        self.client.send_json(&frame);
    }

    /// Returns the newest view, and the error that came, if any did.
    pub(super) fn news(&self) -> (Option<View>, Option<ErrorCode>) {
        let (mut newest, mut refused) = (None, None);
        for message in self.client.received() {
            self.frames.borrow_mut().push(message.as_text().unwrap().to_owned());
            match message.read_json().unwrap() {
                Received::View(view) => newest = Some(view),
                Received::Error(error) => refused = Some(error.code),
            }
        }
        (newest, refused)
    }

    pub(super) fn view(&self) -> View {
        self.news().0.expect("no view has come")
    }

    pub(super) fn refusal(&self) -> ErrorCode {
        let (view, refused) = self.news();
        assert_eq!(view, None, "something has changed");
        refused.expect("nothing was refused")
    }
}

pub(super) fn stored(room: &TestRoom<Game>) -> Table {
    Table::load(&room.sql()).unwrap()
}

/// Returns a battle that has begun, with one who watches: Coral, Teal, spectator.
pub(super) fn battle(room: &TestRoom<Game>) -> [Guest; 3] {
    let guests = [Guest::join(room, "a"), Guest::join(room, "b"), Guest::join(room, "c")];
    guests[0].send(ClientFrame::Ready);
    guests[1].send(ClientFrame::Ready);
    for guest in &guests {
        assert_eq!(guest.view().phase, Phase::Playing { turn: Side::Coral });
    }
    guests
}

/// Returns a cell of this side's sea that was not fired at, with a ship or without.
pub(super) fn target(room: &TestRoom<Game>, side: Side, with_ship: bool) -> ClientFrame {
    let table = stored(room);
    let sea = table.game.seas.of(side);
    let open = |cell: &u8| !sea.shots.contains(cell) && sea.is_ship(*cell) == with_ship;
    ClientFrame::Fire { cell: (0..CELLS).find(open).unwrap() }
}
