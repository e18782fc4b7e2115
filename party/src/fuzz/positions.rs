//! Positions in a log, as clients give them in their addresses.

use super::{Input, assert_public, for_each};
use crate::parts::log::Position;
use crate::{ErrorCode, Timestamp};

fn text(input: &mut Input<'_>) -> String {
    let (epoch, seq, at, id) = (input.text(), input.number(), input.number(), input.text());
    let text = format!("{epoch}.{seq}.{at}.{id}");
    input.damaged(text, 3)
}

#[test]
fn a_position_that_is_read_is_the_same_when_it_is_written_and_read_again() {
    for_each(|input| match text(input).parse::<Position>() {
        Ok(position) => {
            assert!(position.at <= Timestamp::MAX && !position.epoch.contains('.'));
            assert_eq!(position.to_string().parse::<Position>().unwrap(), position);
        }
        Err(error) => assert_public(&error, &[ErrorCode::INVALID]),
    });
}
