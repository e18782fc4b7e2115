//! Search through the chat.

use party::ErrorFrame;
use party::parts::search::Found;

use super::*;
use crate::protocol::Query;

/// Returns the texts of the messages that a search finds, or the code with which it is refused.
pub(super) fn search(guest: &mut Guest, text: &str) -> Result<Vec<String>, ErrorCode> {
    let code = |error: ErrorFrame| error.code;
    let found = guest.ask(&Query::Search { text: text.to_owned(), before: None }).map_err(code)?;
    let found: Found<MessageBody> = found.read().unwrap();
    Ok(found.items.into_iter().filter_map(|item| Some(item.body?.content)).collect())
}

#[test]
fn members_find_messages_by_their_words_as_they_are_now() {
    let room = TestRoom::<Chat>::new("lobby");
    let (mut ada, mut bob) = (Guest::new("Ada"), Guest::new("Bob"));
    ada.join(&room);
    bob.join(&room);
    ada.say("The café opens at nine");
    bob.say("cafés are everywhere");
    ada.say("The content of Ada");
    let both = vec!["cafés are everywhere".to_owned(), "The café opens at nine".to_owned()];
    assert_eq!(search(&mut bob, "CAFE"), Ok(both));
    assert_eq!(search(&mut bob, "ada"), Ok(vec!["The content of Ada".to_owned()]), "names are not searched");
    ada.rewrite(1, "The bar opens at nine");
    bob.delete(2);
    room.crash();
    let mut eve = Guest::new("Eve");
    eve.join(&room);
    assert_eq!(search(&mut eve, "cafe"), Ok(vec![]));
    assert_eq!(search(&mut eve, "nine bar"), Ok(vec!["The bar opens at nine".to_owned()]));
    assert_eq!(search(&mut eve, "?!"), Err(ErrorCode::EMPTY));
    assert_eq!(search(&mut eve, &"word ".repeat(1_000)), Err(ErrorCode::TOO_LARGE));
}
