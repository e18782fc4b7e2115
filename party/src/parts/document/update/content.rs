//! The contents of items.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::super::lib0::{Malformed, Reader};

/// How deep values are nested at most. Deeper ones overflow the stack of a browser, a worker or `yrs` at some depth.
const MAX_DEPTH: u8 = 64;

/// The most bytes of a name: of a root type, a key, an element of XML, a subdocument.
const MAX_NAME_BYTES: usize = 64 * 1024;

/// The content of what was deleted.
pub(super) const DELETED: u8 = 1;

/// The content of what is a type.
pub(super) const TYPE: u8 = 7;

/// The content of what is a document of its own.
pub(super) const DOCUMENT: u8 = 9;

/// The kind of a value of any type that is an object.
const OBJECT: u8 = 118;

/// Reads a name.
pub(super) fn name(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    if reader.string()?.len() > MAX_NAME_BYTES { Err(Malformed("a name is too long")) } else { Ok(()) }
}

/// Reads a content of this kind. Returns how many clocks it has.
pub(super) fn read(reader: &mut Reader<'_>, kind: u8) -> Result<u64, Malformed> {
    match kind {
        DELETED => return reader.varuint(),
        // Binary.
        3 => drop(reader.buffer()?),
        // Text: its clocks are the UTF-16 units of JavaScript.
        4 => return Ok(utf16_len(reader.string()?)),
        // Embed.
        5 => json(reader.string()?)?,
        // Format.
        6 => {
            name(reader)?;
            json(reader.string()?)?;
        }
        TYPE => shared_type(reader)?,
        // Values.
        8 => {
            let count = reader.count()?;
            for _ in 0..count {
                any(reader, MAX_DEPTH)?;
            }
            return Ok(count as u64);
        }
        // Subdocument: its name and its options. Yjs reads fields of the options, so they are an object.
        DOCUMENT => {
            name(reader)?;
            if reader.u8()? != OBJECT {
                return Err(Malformed("the options of a subdocument are not an object"));
            }
            object(reader, MAX_DEPTH)?;
        }
        // JSON. Only versions before 13 of Yjs wrote it, and `yrs` reads one text more than there are.
        2 => return Err(Malformed("a content is of a kind that only old versions of Yjs wrote")),
        _ => return Err(Malformed("a content is of no known kind")),
    }
    Ok(1)
}

/// Reads which type it is: an array, a map, a text, an element of XML, a fragment, or a text of XML.
///
/// A hook of XML (5) is refused: Yjs reads a name after it, `yrs` does not.
fn shared_type(reader: &mut Reader<'_>) -> Result<(), Malformed> {
    match reader.u8()? {
        0..=2 | 4 | 6 => Ok(()),
        3 => name(reader),
        _ => Err(Malformed("a shared type is of no known kind")),
    }
}

/// Returns how many UTF-16 units a text has.
fn utf16_len(text: &str) -> u64 {
    let units = |byte: u8| u64::from(byte & 0xc0 != 0x80).wrapping_add(u64::from(byte >= 0xf0));
    text.bytes().fold(0, |len, byte| len.wrapping_add(units(byte)))
}

/// Reads a value of any type. At most `depth` arrays and objects are nested in it.
fn any(reader: &mut Reader<'_>, depth: u8) -> Result<(), Malformed> {
    match reader.u8()? {
        // Undefined, null, and the two booleans.
        127 | 126 | 121 | 120 => {}
        125 => drop(reader.varint()?),
        // Floats of 32 and 64 bits, and a large integer.
        124 => drop(reader.take(4)?),
        123 | 122 => drop(reader.take(8)?),
        119 => drop(reader.string()?),
        OBJECT => object(reader, depth)?,
        117 => {
            let depth = deeper(depth)?;
            for _ in 0..reader.count()? {
                any(reader, depth)?;
            }
        }
        116 => drop(reader.buffer()?),
        _ => return Err(Malformed("a value is of no known kind")),
    }
    Ok(())
}

fn object(reader: &mut Reader<'_>, depth: u8) -> Result<(), Malformed> {
    let depth = deeper(depth)?;
    for _ in 0..reader.count()? {
        reader.string()?;
        any(reader, depth)?;
    }
    Ok(())
}

fn deeper(depth: u8) -> Result<u8, Malformed> {
    depth.checked_sub(1).ok_or(Malformed("a value is nested too deep"))
}

/// Checks JSON as strictly as `yrs` reads it: a browser would also read half of a surrogate pair in a text, and numbers
/// that have no end.
fn json(text: &str) -> Result<(), Malformed> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Json(MAX_DEPTH).deserialize(&mut deserializer).and_then(|()| deserializer.end());
    read.map_err(|_| Malformed("a text is not valid JSON, or is nested too deep"))
}

/// A JSON value with at most this many arrays and objects nested in it.
#[derive(Clone, Copy)]
struct Json(u8);

impl Json {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom("nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Json {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    /// `yrs` refuses integers of more than 63 bits.
    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        i64::try_from(number).map(drop).map_err(E::custom)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while elements.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while fields.next_key_seed(inner)?.is_some() {
            fields.next_value_seed(inner)?;
        }
        Ok(())
    }
}
