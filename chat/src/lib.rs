//! A durable chat room.
use worker::{Context, Env, Request, Response, event};
use party::{Connection, Message, Props, Result, Room, Server, party};
/// A room.
#[derive(Debug)]
#[party]
pub struct Chat;
impl Server for Chat {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    async fn on_message(&self, room: &Room, _from: &Connection, message: Message) -> Result<()> {
        room.broadcast(&message).send();
        Ok(())
    }
}
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    match party::route(&request, &env).await? {
        Some(response) => Ok(response),
        None => env.assets("ASSETS")?.fetch_request(request).await,
    }
}
