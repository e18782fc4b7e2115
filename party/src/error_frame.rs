//! The frame that tells a client of an error.

use serde::Serialize;

use crate::connection::Connection;
use crate::error::{Error, Result};

/// `{"type":"error","code":..,"message":..}`, with `errorId` where the log has more.
#[derive(Serialize)]
#[serde(tag = "type", rename = "error", rename_all = "camelCase")]
pub(crate) struct ErrorFrame<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_id: Option<String>,
}

impl<'a> ErrorFrame<'a> {
    pub(crate) fn new(code: &'a str, message: &'a str, error_id: Option<String>) -> Self {
        Self { code, message, error_id }
    }
}

/// Tells a sender of a message that cannot be used. The default of
/// [`Server::on_message_error`](crate::Server::on_message_error).
pub(crate) fn answer_bad_message(from: &Connection, error: &Error) -> Result<()> {
    if error.is_public() {
        from.send_json(&ErrorFrame::new("bad_message", error.public_text(), None))?;
    }
    Ok(())
}
