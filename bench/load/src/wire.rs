//! How one talks to each contestant. Every message carries a number, by which its receivers know when it was sent.

use crate::contestant::Contestant;

/// What stands before and behind a message's number.
const MARK: &str = "@@";

/// How many digits a number has.
const DIGITS: usize = 8;

/// The rest of a message's text: what people write is about this long.
const TEXT: &str = "what a person writes into a chat room, in a line or two of about a hundred letters";

/// How many messages our clients put into one frame at most.
const GATHERED: usize = 64;

/// The presence data of a member of the chat: `{"name":"Member"}`.
const PRESENCE: &str = "&presence=%7B%22name%22%3A%22Member%22%7D";

/// Returns the address of a room.
pub(crate) fn path(contestant: Contestant, room: &str, connection: usize, position: Option<&str>) -> String {
    let path = format!("/parties/{}/{room}?_pk=c{connection}", contestant.party());
    match (contestant, position) {
        (Contestant::Chat, None) => format!("{path}&wire=2&batch=1{PRESENCE}"),
        (Contestant::Chat, Some(position)) => {
            format!("{path}&wire=2&batch=1{PRESENCE}&position={position}")
        }
        _ => path,
    }
}

/// Returns how the first frame to a client begins, or `None` if the server sends none.
pub(crate) fn greeting(contestant: Contestant) -> Option<&'static str> {
    match contestant {
        Contestant::Chat => Some(r#"{"type":"welcome""#),
        Contestant::Peer | Contestant::ByHand | Contestant::Page | Contestant::Grace => {
            Some(r#"{"type":"all""#)
        }
        Contestant::Insert | Contestant::Echo | Contestant::Document | Contestant::DocumentPeer => None,
    }
}

/// Returns the frames by which a client says messages, whose ids begin with a prefix.
pub(crate) fn frames(contestant: Contestant, prefix: &str, numbers: &[u32]) -> Vec<String> {
    let one = |number: &u32| frame(contestant, prefix, *number);
    match contestant {
        Contestant::Chat => numbers
            .chunks(GATHERED)
            .map(|some| match some {
                [number] => one(number),
                _ => format!("[{}]", some.iter().map(one).collect::<Vec<_>>().join(",")),
            })
            .collect(),
        _ => numbers.iter().map(one).collect(),
    }
}

fn frame(contestant: Contestant, prefix: &str, number: u32) -> String {
    let content = format!("{MARK}{number:0DIGITS$}{MARK} {TEXT}");
    match contestant {
        Contestant::Chat => {
            format!(r#"{{"type":"append","id":"{prefix}-{number}","body":{{"content":"{content}"}}}}"#)
        }
        _ => format!(
            r#"{{"type":"add","id":"{prefix}-{number}","content":"{content}","user":"Member","role":"user"}}"#
        ),
    }
}

/// Returns the numbers of the messages in a frame.
pub(crate) fn numbers(frame: &str) -> impl Iterator<Item = u32> {
    // Between two marks is either a number or what stands between two messages.
    frame.split(MARK).skip(1).step_by(2).filter_map(|digits| digits.parse().ok())
}

/// Returns a text that stands in a frame behind a key, as in `"secret":"..."`.
pub(crate) fn text_of<'a>(frame: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = frame.split_once(&format!("\"{key}\":\""))?;
    rest.split('"').next()
}

/// How an entry of our chat begins.
pub(crate) const ENTRY: &str = r#"{"type":"entry""#;

/// Returns the position of a client of our chat that has received a frame with entries.
pub(crate) fn position_after(epoch: &str, frame: &str) -> Option<String> {
    let last = frame.get(frame.rfind(ENTRY)?..)?;
    let (seq, at, id) = (number_of(last, "seq")?, number_of(last, "at")?, text_of(last, "id")?);
    Some(format!("{epoch}.{seq}.{at}.{id}"))
}

/// Returns a number that stands in a frame behind a key, as in `"head":42`.
pub(crate) fn number_of(frame: &str, key: &str) -> Option<u64> {
    let (_, rest) = frame.split_once(&format!("\"{key}\":"))?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_all_messages_in_a_frame_are_found() {
        let frames = frames(Contestant::Chat, "room", &[7, 8, 12_345_678]);
        assert_eq!(frames.len(), 1);
        assert_eq!(numbers(&frames[0]).collect::<Vec<_>>(), [7, 8, 12_345_678]);
        assert_eq!(numbers("{}").count(), 0);
    }

    #[test]
    fn our_clients_gather_and_the_others_cannot() {
        let many: Vec<u32> = (0..65).collect();
        assert_eq!(frames(Contestant::Chat, "room", &many).len(), 2);
        assert!(frames(Contestant::Chat, "room", &many)[1].starts_with('{'));
        assert_eq!(frames(Contestant::Peer, "room", &many).len(), 65);
    }

    #[test]
    fn a_position_is_that_of_the_last_entry() {
        let entry =
            |seq: u8| format!(r#"{{"type":"entry","seq":{seq},"id":"e{seq}","author":"a","at":{seq}0}}"#);
        let frame = format!("[{},{}]", entry(7), entry(8));
        assert_eq!(position_after("log", &frame).as_deref(), Some("log.8.80.e8"));
        assert_eq!(position_after("log", r#"{"type":"presence","count":1}"#), None);
    }

    #[test]
    fn fields_are_found_by_their_keys() {
        let frame =
            r#"{"type":"welcome","you":{"member":"m1","secret":"s"},"epoch":"e","head":42,"recovered":true}"#;
        assert_eq!(text_of(frame, "secret"), Some("s"));
        assert_eq!(number_of(frame, "head"), Some(42));
        assert_eq!((text_of(frame, "none"), number_of(frame, "epoch")), (None, None));
    }
}
