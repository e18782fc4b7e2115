//! Rows, and how they become the app's own types: a row is a map from column to value for serde.

use std::rc::Rc;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::value::Value;
use crate::error::{Error, ErrorKind, Result};

/// The rows of a statement.
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// let rows = room.sql().rows("SELECT 'Ada' AS name, 7 AS points UNION ALL SELECT 'Bob', 3", ())?;
/// let table: Vec<String> = rows.iter().map(|row| format!("{:?}", row.values())).collect();
/// assert_eq!((rows.columns().join(","), table.len()), ("name,points".to_owned(), 2));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rows {
    columns: Rc<[String]>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    pub(crate) fn new(columns: impl Into<Rc<[String]>>, rows: Vec<Vec<Value>>) -> Self {
        Self { columns: columns.into(), rows }
    }

    /// Returns the columns' names.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// let rows = room.sql().rows("SELECT 1 AS x, 2 AS y", ())?;
    /// assert_eq!(rows.columns(), ["x", "y"]);
    /// # Ok(()) });
    /// ```
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Returns how many rows there are.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// let rows = room.sql().rows("VALUES (1), (2), (3)", ())?;
    /// assert_eq!(rows.len(), 3);
    /// # Ok(()) });
    /// ```
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether there are none.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// assert!(room.sql().rows("SELECT 1 WHERE false", ())?.is_empty());
    /// # Ok(()) });
    /// ```
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the rows in their order.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// let rows = room.sql().rows("VALUES (1, 'a'), (2, 'b')", ())?;
    /// let read: party::Result<Vec<(u32, String)>> = rows.iter().map(|row| row.read()).collect();
    /// assert_eq!(read?, [(1, "a".to_owned()), (2, "b".to_owned())]);
    /// # Ok(()) });
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { columns: &self.columns, values })
    }
}

/// One row of [`Rows`].
///
/// # Example
///
/// ```
/// # party::testing::example::hook(async |room, _ada| {
/// let rows = room.sql().rows("SELECT 'Ada' AS name, 7 AS points", ())?;
/// for row in rows.iter() {
///     let (name, points): (String, u32) = row.read()?;
///     assert_eq!((name.as_str(), points), ("Ada", 7));
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a [String],
    values: &'a [Value],
}

impl<'a> Row<'a> {
    /// Returns the values in the order of the columns.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::Value;
    ///
    /// let rows = room.sql().rows("SELECT 7, 'Ada', NULL", ())?;
    /// let row = rows.iter().next().unwrap();
    /// assert_eq!(row.values(), [Value::Integer(7), Value::Text("Ada".to_owned()), Value::Null]);
    /// # Ok(()) });
    /// ```
    pub fn values(&self) -> &'a [Value] {
        self.values
    }

    /// Reads the row as a struct with the columns' names or a tuple in their order.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`] when the row has another shape.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// #[derive(serde::Deserialize)]
    /// struct Player { name: String, points: Option<u32> }
    ///
    /// let rows = room.sql().rows("SELECT 'Ada' AS name, NULL AS points", ())?;
    /// let player: Player = rows.iter().next().unwrap().read()?;
    /// assert_eq!((player.name.as_str(), player.points), ("Ada", None));
    /// # Ok(()) });
    /// ```
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(*self).map_err(|error| {
            Error::caused(ErrorKind::Sql, "a row has another shape than was asked for", error)
        })
    }
}

/// With the error of JSON, which a worker has anyway: serde's own for such readers brings another way to write numbers,
/// 7 KB of code.
type Reading<T> = serde_json::Result<T>;

impl<'de> Deserializer<'de> for Row<'_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        let cells = self.values.iter().map(Cell);
        visitor.visit_map(MapDeserializer::new(self.columns.iter().map(String::as_str).zip(cells)))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        let mut cells = SeqDeserializer::new(self.values.iter().map(Cell));
        let read = visitor.visit_seq(&mut cells)?;
        cells.end()?;
        Ok(read)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Reading<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Reading<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Reading<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        map struct enum identifier ignored_any
    }
}

/// A value on its way into serde.
#[derive(Clone, Copy)]
struct Cell<'a>(&'a Value);

impl IntoDeserializer<'_, serde_json::Error> for Cell<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Cell<'_> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Real(number) => visitor.visit_f64(*number),
            Value::Text(text) => visitor.visit_str(text),
            Value::Blob(bytes) => visitor.visit_bytes(bytes),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self.0 {
            Value::Integer(0) => visitor.visit_bool(false),
            Value::Integer(1) => visitor.visit_bool(true),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Reading<V::Value> {
        match self.0 {
            Value::Blob(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Reading<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Reading<V::Value> {
        match self.0 {
            Value::Text(text) => text.as_str().into_deserializer().deserialize_enum(name, variants, visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: DeserializeOwned>(cells: &[(&str, Value)]) -> Result<T> {
        let columns: Vec<_> = cells.iter().map(|(name, _)| (*name).to_owned()).collect();
        let rows = Rows::new(columns, vec![cells.iter().map(|(_, value)| value.clone()).collect()]);
        rows.iter().next().unwrap().read()
    }

    #[test]
    fn a_row_is_read_as_a_struct_by_the_columns_names() {
        #[derive(serde::Deserialize, Debug, PartialEq)]
        #[serde(rename_all = "lowercase")]
        enum Colour {
            Red,
        }
        #[derive(serde::Deserialize, Debug, PartialEq)]
        struct Player {
            alive: bool,
            points: u32,
            ratio: f64,
            name: String,
            team: Option<String>,
            avatar: Vec<u8>,
            colour: Colour,
        }
        let player: Player = read(&[
            ("name", Value::Text("Ada".into())),
            ("points", Value::Integer(7)),
            ("ratio", Value::Integer(2)),
            ("alive", Value::Integer(1)),
            ("team", Value::Null),
            ("avatar", Value::Blob(vec![1, 2])),
            ("colour", Value::Text("red".into())),
        ])
        .unwrap();
        assert!(player.alive);
        assert_eq!((player.points, player.ratio, player.name.as_str()), (7, 2.0, "Ada"));
        assert_eq!((player.team, player.avatar, player.colour), (None, vec![1, 2], Colour::Red));
    }

    #[test]
    fn a_row_is_read_as_a_tuple_by_the_columns_order() {
        let row: (i64, Option<f64>) = read(&[("a", Value::Integer(-1)), ("b", Value::Real(0.5))]).unwrap();
        assert_eq!(row, (-1, Some(0.5)));
        assert_eq!(read::<(String,)>(&[("a", Value::Text("x".into()))]).unwrap().0, "x");
    }

    #[test]
    fn a_row_of_another_shape_is_an_error_and_no_guess() {
        assert!(read::<(u8,)>(&[("a", Value::Integer(300))]).is_err());
        assert!(read::<(String,)>(&[("a", Value::Integer(1))]).is_err());
        assert!(read::<(bool,)>(&[("a", Value::Integer(2))]).is_err());
        assert!(read::<(i64,)>(&[("a", Value::Null)]).is_err());
        assert!(read::<(i64,)>(&[("a", Value::Integer(1)), ("b", Value::Integer(2))]).is_err());
    }
}
