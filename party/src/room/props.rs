//! The props that the worker gives a room when it starts.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};

/// The props that a room was started with: any JSON, given by the worker through
/// [`Router::props`](crate::Router::props) and never by a client.
///
/// **Security:** that holds for requests that come through the router or a [`Stub`](crate::Stub). A worker that hands a
/// client's request to the object by itself hands on what the client calls props, too.
///
/// They come with the request that starts the room. A room that starts for another cause, such as an alarm or a message
/// after it has slept, has none: data that must survive belongs in SQL.
#[derive(Clone, Debug, Default)]
pub struct Props(Option<Box<RawValue>>);

impl Props {
    /// Reads the props, `None` if there are none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when the props have another shape.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::{Props, Result};
    /// #[derive(serde::Deserialize)]
    /// struct Plan { seats: u32 }
    ///
    /// fn seats(props: &Props) -> Result<u32> {
    ///     Ok(props.get::<Plan>()?.map_or(10, |plan| plan.seats))
    /// }
    /// # assert_eq!(seats(&Props::default())?, 10);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn get<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.0.as_deref().map(|json| serde_json::from_str(json.get())).transpose().map_err(|error| {
            Error::caused(ErrorKind::Json, "the props have another shape than the room expects", error)
        })
    }

    /// Props from their JSON.
    pub(crate) fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map(|json| Self(Some(json)))
            .map_err(|error| Error::caused(ErrorKind::Json, "the props are not JSON", error))
    }
}
