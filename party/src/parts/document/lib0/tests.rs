//! Tests of the encoding, against that of `yrs`.

use yrs::encoding::read::{Cursor, Read};
use yrs::encoding::write::Write;

use super::{Malformed, Reader, write_bytes, write_varuint};
use crate::fuzz::for_each;

const MAX: u64 = (1 << 53) - 1;

#[test]
fn numbers_are_written_and_read_as_yrs_does() {
    for_each(|input| {
        let number = (input.number() >> input.below(64)).min(MAX);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        write_varuint(&mut ours, number);
        theirs.write_var(number);
        assert_eq!(ours, theirs);
        assert_eq!(Reader::new(&ours).varuint(), Ok(number));

        let signed = if input.once_in(2) { number.cast_signed() } else { -number.cast_signed() };
        let mut bytes = Vec::new();
        bytes.write_var(signed);
        assert_eq!(Reader::new(&bytes).varint(), Ok(signed));
    });
}

#[test]
fn any_bytes_are_read_as_yrs_does_or_refused() {
    for_each(|input| {
        let bytes = input.several(12, |input| input.below(256) as u8);
        if let Ok(number) = Reader::new(&bytes).varuint() {
            assert_eq!(Cursor::new(&bytes).read_var::<u64>().unwrap(), number);
            assert!(number <= MAX);
        }
        if let Ok(number) = Reader::new(&bytes).varint() {
            assert_eq!(Cursor::new(&bytes).read_var::<i64>().unwrap(), number);
            assert!(number.unsigned_abs() <= MAX);
        }
        if let Ok(buffer) = Reader::new(&bytes).buffer() {
            assert_eq!(Cursor::new(&bytes).read_buf().unwrap(), buffer);
        }
    });
}

#[test]
fn a_reader_knows_where_it_is() {
    let mut bytes = vec![5];
    write_bytes(&mut bytes, b"hello");
    bytes.extend([0xff, 1]);
    let mut reader = Reader::new(&bytes);
    assert_eq!((reader.u8(), reader.string(), reader.position()), (Ok(5), Ok("hello"), 7));
    assert!(!reader.is_end() && reader.end().is_err());
    assert_eq!(reader.clone().take(3), Err(Malformed("the bytes end too early")));
    assert_eq!(reader.take(2), Ok(&[0xff, 1][..]));
    assert!(reader.is_end() && reader.end().is_ok());
    assert_eq!((reader.position(), reader.u8().is_err()), (bytes.len(), true));
}

#[test]
fn negative_zero_is_a_number() {
    assert_eq!(Reader::new(&[0x40]).varint(), Ok(0));
    assert!(Reader::new(&[0x80, 0]).varint().is_err());
    assert!(Reader::new(&[0x80, 0]).varuint().is_err());
}
