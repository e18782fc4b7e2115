//! A request over a connection of its own, as small as it can be.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// Returns a server's answer to `GET path`, headers included.
pub(crate) async fn get(port: u16, path: &str) -> Result<String> {
    get_with(port, path, "").await
}

/// Returns the same with a header, which ends its line.
pub(crate) async fn get_with(port: u16, path: &str, header: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{header}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.is_empty() {
        return Err(format!("the server hung up at `GET {path}`").into());
    }
    Ok(answer)
}
