//! The encoding of lib0: what the updates and the messages of Yjs are written in.
//!
//! A number has 7 bits in each byte, the lowest first; all bytes but the last have the highest bit set. Texts and
//! buffers follow their length in bytes. A number is read only as lib0 writes it: in as few bytes as it needs, and at
//! most 2^53 - 1, which is the most that JavaScript counts to.

#[cfg(test)]
mod tests;

use std::fmt;

/// The largest whole number that JavaScript holds exactly.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// Bytes that are not what they should be, with the reason in a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

const ENDS_EARLY: Malformed = Malformed("the bytes end too early");

/// Reads bytes from the front to the end. It allocates nothing.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    len: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, len: bytes.len() }
    }

    /// Returns how many bytes were read.
    pub(super) fn position(&self) -> usize {
        self.len.saturating_sub(self.rest.len())
    }

    pub(super) fn is_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Refuses bytes that are left.
    pub(super) fn end(&self) -> Result<(), Malformed> {
        if self.is_end() { Ok(()) } else { Err(Malformed("there are bytes after the end")) }
    }

    #[inline]
    pub(super) fn u8(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(ENDS_EARLY)?;
        self.rest = rest;
        Ok(*first)
    }

    /// Reads a number that is not negative.
    #[inline]
    pub(super) fn varuint(&mut self) -> Result<u64, Malformed> {
        let first = self.u8()?;
        if first < 0x80 { Ok(first.into()) } else { self.more(u64::from(first & 0x7f), 7) }
    }

    /// Reads a number with a sign, which is the second highest bit of the first byte.
    pub(super) fn varint(&mut self) -> Result<i64, Malformed> {
        let first = self.u8()?;
        let low = u64::from(first & 0x3f);
        let number = if first < 0x80 { low } else { self.more(low, 6)? };
        let number = number.cast_signed();
        Ok(if first & 0x40 == 0 { number } else { number.saturating_neg() })
    }

    /// Reads the other bytes of a number, of which the lowest `bits` bits are known.
    fn more(&mut self, low: u64, bits: u32) -> Result<u64, Malformed> {
        let mut number = low;
        let mut shift = bits;
        while shift < u64::BITS {
            let byte = self.u8()?;
            let high = u64::from(byte & 0x7f);
            if high > MAX_NUMBER.wrapping_shr(shift) {
                break;
            }
            number |= high.wrapping_shl(shift);
            match byte {
                0 => return Err(Malformed("a number has more bytes than it needs")),
                1..0x80 => return Ok(number),
                _ => shift = shift.saturating_add(7),
            }
        }
        Err(Malformed("a number is too large"))
    }

    /// Reads how many elements come next. Each of them has at least a byte, so there are no more than bytes are left.
    #[inline]
    pub(super) fn count(&mut self) -> Result<usize, Malformed> {
        let count = usize::try_from(self.varuint()?).map_err(|_| ENDS_EARLY)?;
        if count > self.rest.len() { Err(ENDS_EARLY) } else { Ok(count) }
    }

    /// Reads this many bytes.
    #[inline]
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(ENDS_EARLY)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Reads bytes after their length.
    #[inline]
    pub(super) fn buffer(&mut self) -> Result<&'a [u8], Malformed> {
        let len = self.count()?;
        self.take(len)
    }

    /// Reads a text after its length in bytes.
    #[inline]
    pub(super) fn string(&mut self) -> Result<&'a str, Malformed> {
        str::from_utf8(self.buffer()?).map_err(|_| Malformed("a text is not valid UTF-8"))
    }
}

/// Writes a number as [`Reader::varuint`] reads it.
pub(super) fn write_varuint(bytes: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// Writes bytes after their length, as [`Reader::buffer`] reads them.
pub(super) fn write_bytes(bytes: &mut Vec<u8>, content: &[u8]) {
    write_varuint(bytes, content.len() as u64);
    bytes.extend_from_slice(content);
}
