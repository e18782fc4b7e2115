//! A party in a crate of its own: a board of scores, which other workers and rooms ask by remote calls.

use party::{Call, Props, RemoteCall, Reply, Result, Room, Server, party};
use serde::{Deserialize, Serialize};

/// A board of scores.
#[derive(Debug)]
#[party]
pub struct Board;

/// A request to a board.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Question {
    /// More points for a player.
    Add {
        /// The player.
        player: String,
        /// How many.
        points: u32,
    },
    /// The ten best.
    Best,
}

/// A player's place on the board.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Score {
    /// The player.
    pub player: String,
    /// The points of the player.
    pub points: u32,
}

impl Call for Question {
    type Reply = Vec<Score>;
}

impl Server for Board {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        room.sql().migrate(&["CREATE TABLE scores (player TEXT PRIMARY KEY, points INTEGER NOT NULL)"])?;
        Ok(Self)
    }

    async fn on_call(&self, room: &Room, call: RemoteCall) -> Result<Reply> {
        call.answer(async |question: Question| {
            if let Question::Add { player, points } = question {
                let add = "INSERT INTO scores (player, points) VALUES (?, ?)
                    ON CONFLICT (player) DO UPDATE SET points = points + excluded.points";
                room.sql().execute(add, (player, points))?;
            }
            room.sql().query("SELECT player, points FROM scores ORDER BY points DESC, player LIMIT 10", ())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use party::testing::TestRoom;

    use super::*;

    #[test]
    fn points_are_added_up_and_the_best_come_first() {
        let board = TestRoom::<Board>::new("all");
        for (player, points) in [("Ada", 3), ("Grace", 5), ("Ada", 4)] {
            board.call(&Question::Add { player: player.into(), points }).unwrap();
            board.evict();
        }
        let best = board.call(&Question::Best).unwrap();
        assert_eq!(
            best.iter().map(|score| (score.player.as_str(), score.points)).collect::<Vec<_>>(),
            [("Ada", 7), ("Grace", 5)]
        );
    }
}
