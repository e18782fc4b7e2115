//! Remote calls of a worker or another room to a room, typed on both sides.

use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::message::frame;

/// Something that can be asked of a room, and the type of its answer.
///
/// An enum makes one party answer many questions.
///
/// # Example
///
/// ```
/// use party::Call;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct AddPoints { player: String, points: u32 }
///
/// impl Call for AddPoints {
///     type Reply = u32; // the player's points from now on
/// }
/// ```
pub trait Call: Serialize + DeserializeOwned {
    /// The answer.
    type Reply: Serialize + DeserializeOwned;
}

/// A call that has reached a room, as [`Server::on_call`](crate::Server::on_call) gets it.
#[derive(Debug)]
pub struct RemoteCall(Box<RawValue>);

impl RemoteCall {
    /// Reads the call and answers it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Refused`] (400) when it is not a `C`; what `answer` fails with; [`ErrorKind::Json`] when the answer
    /// cannot be written as JSON.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::*;
    /// # use party::testing::TestRoom;
    /// #[derive(serde::Serialize, serde::Deserialize)]
    /// enum Ask { Seats, Reserve(u32) }
    ///
    /// impl Call for Ask {
    ///     type Reply = u32;
    /// }
    ///
    /// # struct Hall;
    /// # impl Server for Hall {
    /// # async fn on_start(_room: &Room, _props: Props) -> Result<Self> { Ok(Self) }
    /// async fn on_call(&self, _room: &Room, call: RemoteCall) -> Result<Reply> {
    ///     call.answer(async |ask| match ask {
    ///         Ask::Seats => Ok(40),
    ///         Ask::Reserve(seats) => Ok(40 - seats.min(40)),
    ///     })
    ///     .await
    /// }
    /// # }
    ///
    /// assert_eq!(TestRoom::<Hall>::new("hall").call(&Ask::Reserve(4))?, 36);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub async fn answer<C: Call>(self, answer: impl AsyncFnOnce(C) -> Result<C::Reply>) -> Result<Reply> {
        let call = serde_json::from_str(self.0.get()).map_err(|error| {
            Error::refuse(
                StatusCode::BAD_REQUEST,
                format!("the call has another shape than the room expects: {error}"),
            )
        })?;
        Reply::of(&answer(call).await?)
    }

    pub(crate) fn of_json(json: &[u8]) -> Result<Self> {
        let read = frame::of_bytes(json).map(Self);
        read.map_err(|_| Error::refuse(StatusCode::BAD_REQUEST, "the call is not JSON"))
    }
}

/// The answer to a [`RemoteCall`].
#[derive(Debug)]
pub struct Reply(Box<RawValue>);

impl Reply {
    fn of<T: Serialize>(reply: &T) -> Result<Self> {
        serde_json::value::to_raw_value(reply)
            .map(Self)
            .map_err(|error| Error::caused(ErrorKind::Json, "the answer cannot be written as JSON", error))
    }

    pub(crate) fn into_json(self) -> String {
        Box::<str>::from(self.0).into_string()
    }
}

/// Returns a call as JSON.
pub(crate) fn question<C: Call>(call: &C) -> Result<String> {
    serde_json::to_string(call)
        .map_err(|error| Error::caused(ErrorKind::Json, "the call cannot be written as JSON", error))
}

/// Returns the answer to a call, out of the status and the text of a room's response.
pub(crate) fn answer<C: Call>(status: u16, text: String) -> Result<C::Reply> {
    serde_json::from_str(&answered(status, text)?).map_err(|error| {
        Error::caused(ErrorKind::Json, "the answer has another shape than was asked for", error)
    })
}

/// Returns the text of a successful response.
pub(crate) fn answered(status: u16, text: String) -> Result<String> {
    match status {
        200..=299 => Ok(text),
        status if status >= 500 && status != 501 => Err(Error::other(format!("the room failed: {text}"))),
        status => Err(Error::refuse(StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN), text)),
    }
}
