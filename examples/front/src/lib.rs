//! An axum service in front of two parties: `Dice`, which is in this crate, and `Board`, which is in another.
//!
//! - `GET /api/best` asks the board by a remote call;
//! - `/parties/dice/{room}` is a table at which dice are thrown; it reports to the board, one party to another;
//! - everything else is axum's.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use party::{
    Connection, Error, Message, Namespace, Props, Result, Room, Server, ServerOptions, party, server_by_name,
};
use scores::{Question, Score};
use tower_service::Service;
use worker::{Context, Env, Request, Response, event};

/// The longest response of axum's, in bytes.
const MAX_RESPONSE_BYTES: usize = 1024 * 1024;

/// A table at which dice are thrown. A message is the name of who throws.
#[derive(Debug)]
#[party]
pub struct Dice;

impl Server for Dice {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }

    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        let player: String = message.read_json()?;
        let points = throw(room);
        room.stub("board", "all")?.call(&Question::Add { player: player.clone(), points }).await?;
        room.broadcast_json(&Score { player, points })?.send();
        Ok(())
    }
}

/// Returns one to six.
fn throw(room: &Room) -> u32 {
    let mut byte = [0];
    room.random(&mut byte);
    byte.iter().map(|byte| u32::from(byte % 6)).sum::<u32>().saturating_add(1)
}

/// Returns the one board of all tables, for the worker.
async fn board(env: &Env) -> Result<party::Stub<'static>> {
    server_by_name(&Namespace::of_binding(env, "Board")?, "all", ServerOptions::new()).await
}

/// Handles a request to the worker: to a room, or else to axum.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    if let Some(response) = party::route(&request, &env).await? {
        return Ok(response);
    }
    Ok(through_axum(service(env), &request).await?)
}

/// Returns a request of the worker's through a service of the `http` crate's world. Bodies are read whole: an axum body
/// must be `Send`, and a stream of the platform's is not.
async fn through_axum(mut service: Router, request: &Request) -> Result<Response> {
    let (parts, body) = party::workers::http_request(request)?.into_parts();
    let body = axum::body::Body::from(body.bytes().await?);
    let response = match service.call(axum::http::Request::from_parts(parts, body)).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, MAX_RESPONSE_BYTES).await.map_err(Error::other)?;
    party::workers::worker_response(party::Response::from_parts(parts, bytes.into()))
}

/// Returns the service for requests that are not for a room.
fn service(env: Env) -> Router {
    Router::new().route("/api/best", get(best)).with_state(env)
}

/// Returns the ten best of all tables.
#[worker::send]
async fn best(State(env): State<Env>) -> Result<Json<Vec<Score>>, (StatusCode, &'static str)> {
    let best = async { board(&env).await?.call(&Question::Best).await };
    best.await.map(Json).map_err(|error| {
        worker::console_error!("the board cannot be read: {error}");
        (StatusCode::SERVICE_UNAVAILABLE, "the board cannot be read")
    })
}

#[cfg(test)]
mod tests {
    use party::testing::TestWorld;
    use scores::Board;

    use super::*;

    #[test]
    fn a_throw_is_from_one_to_six_and_everyone_at_the_table_sees_it() {
        let world = TestWorld::new().party::<Dice>("dice").party::<Board>("board");
        let table = world.room::<Dice>("dice", "table");
        let (ada, bob) = (table.connect("ada"), table.connect("bob"));
        for _ in 0..50 {
            ada.send_json("Ada");
            let score: Score = bob.receive_json();
            assert!(score.player == "Ada" && (1..=6).contains(&score.points), "{score:?}");
            assert_eq!(score, ada.receive_json());
        }
    }

    #[test]
    fn the_board_has_the_points_of_all_tables() {
        let world = TestWorld::new().party::<Dice>("dice").party::<Board>("board");
        let mut points = 0;
        for table in ["red", "blue"] {
            let ada = world.room::<Dice>("dice", table).connect("ada");
            ada.send_json("Ada");
            points += ada.receive_json::<Score>().points;
        }
        let best = world.room::<Board>("board", "all").call(&Question::Best).unwrap();
        assert_eq!(best, [Score { player: "Ada".to_owned(), points }]);
    }
}
