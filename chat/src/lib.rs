//! A durable chat room.
use worker::{Context, Env, Request, Response, Result, event};
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    env.assets("ASSETS")?.fetch_request(request).await
}
