//! Any JSON, kept as the text that it is.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorCode, ErrorKind, Result};

/// Any JSON, kept as the text that it is: it goes from client to database and on to all clients without being taken
/// apart.
///
/// # Example
///
/// ```
/// use party::parts::wire::Json;
///
/// let json = Json::of(&("hello", 7))?;
/// assert_eq!(json.as_str(), r#"["hello",7]"#);
/// assert_eq!(json.read::<(String, u8)>()?, ("hello".to_owned(), 7));
/// # Ok::<(), party::Error>(())
/// ```
#[derive(Clone, Deserialize, Serialize)]
#[serde(transparent)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "unknown"))]
pub struct Json(Box<RawValue>);

impl Json {
    /// Returns a value as JSON.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when it cannot be written as JSON, such as a map whose keys are no strings.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::wire::Json;
    ///
    /// assert_eq!(Json::of(&[1, 2])?.as_str(), "[1,2]");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::value::to_raw_value(value)
            .map(Self)
            .map_err(|error| Error::caused(ErrorKind::Json, "the value cannot be written as JSON", error))
    }

    /// Returns the text.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::wire::Json;
    ///
    /// assert_eq!(Json::of("hello")?.as_str(), "\"hello\"");
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads it as a value.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] when it has another shape.
    ///
    /// # Example
    ///
    /// ```
    /// use party::parts::wire::Json;
    ///
    /// let json = Json::of(&("Ada", 7))?;
    /// assert_eq!(json.read::<(String, u32)>()?, ("Ada".to_owned(), 7));
    /// assert!(json.read::<u32>().is_err());
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.as_str()).map_err(|error| {
            Error::caused(ErrorKind::Json, "the JSON has another shape than was asked for", error)
        })
    }

    /// Reads what a client has sent as a value.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::INVALID`] when it has another shape: the client is told so.
    ///
    /// # Example
    ///
    /// ```
    /// use party::ErrorCode;
    /// use party::parts::wire::Json;
    ///
    /// let query = Json::of("seven")?;
    /// assert_eq!(query.read_input::<u32>().unwrap_err().code(), ErrorCode::INVALID);
    /// # Ok::<(), party::Error>(())
    /// ```
    pub fn read_input<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(self.as_str())
            .map_err(|error| Error::client(ErrorCode::INVALID, format!("cannot be read: {error}")))
    }

    /// Returns a text that is JSON.
    pub(crate) fn from_text(text: String) -> Result<Self> {
        RawValue::from_string(text)
            .map(Self)
            .map_err(|error| Error::caused(ErrorKind::Json, "what is stored is not JSON", error))
    }
}

impl PartialEq for Json {
    /// Returns whether the texts are the same.
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
