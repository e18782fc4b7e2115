//! Commands: each effect, exactly once, and undone as a whole.

use std::time::Duration;

use party::ErrorCode;
use party::parts::wire::{Ack, ServerFrame};

use super::board::{ClientFrame, Command, Mode, VOTED, batching, events, join, room, rows, shown, texts};

fn command(id: &str, data: Command) -> ClientFrame {
    ClientFrame::Command { id: id.into(), data }
}

fn append(id: &str, text: &str) -> ClientFrame {
    ClientFrame::Append { id: id.into(), body: text.into() }
}

#[test]
fn a_command_appends_an_item_under_its_id() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    let id = bob.command(Command::Ask("why?".into()));
    assert_eq!(shown(&mut ada), [("why?".to_owned(), 0)]);
    bob.read();
    let item = bob.items.get(&1).unwrap();
    assert_eq!((item.id.as_str(), item.author.as_str()), (id.as_str(), bob.member.as_str()));
    assert_eq!(bob.acknowledged.get(&id), Some(&Some(1)));
}

#[test]
fn a_command_amends_an_item_of_another_member_and_shows_its_author() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("why?".into());
    bob.read();
    let id = bob.command(Command::Vote(1));
    let change = loop {
        match ada.next_frame() {
            Some(ServerFrame::Entry(entry)) if entry.target.is_some() => break entry,
            frame => ada.apply(frame.unwrap()),
        }
    };
    assert_eq!((change.id.as_str(), change.author.as_str()), (id.as_str(), bob.member.as_str()));
    ada.apply(ServerFrame::Entry(change));
    assert_eq!(shown(&mut ada), [("why?".to_owned(), 1)]);
    assert_eq!(shown(&mut bob), [("why?".to_owned(), 1)]);
}

#[test]
fn a_private_amendment_hides_its_author_live_and_when_caught_up_on() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob, mut cy) = (join(&room, "ada"), join(&room, "bob"), join(&room, "cy"));
    ada.append("why?".into());
    cy.read();
    cy.vanish();
    bob.read();
    let id = bob.command(Command::VotePrivately(1));
    let mut frames = ada.socket().received();
    let socket = cy.connecting(&room).connect();
    frames.extend(socket.received());
    let naming: Vec<&str> =
        frames.iter().filter_map(party::Message::as_text).filter(|text| text.contains(&id)).collect();
    assert_eq!(naming.len(), 2, "{frames:?}");
    for text in naming {
        assert!(text.contains(r#""author":"","#), "{text}");
    }
    // Its member is known by the id alone, as ever.
    bob.vanish();
    bob.join(&room);
    bob.send(&command(&id, Command::VotePrivately(1)));
    assert!(
        std::iter::from_fn(|| bob.next_frame())
            .any(|frame| matches!(frame, ServerFrame::Ack(Ack { id: acked, seq: Some(2) }) if acked == id))
    );
    assert_eq!((shown(&mut bob)[0].1, rows(&room, "votes")), (1, 1));
}

#[test]
fn a_command_deletes_an_item() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("spam".into());
    bob.read();
    let id = bob.command(Command::Remove(1));
    assert!(texts(&mut ada).is_empty() && texts(&mut bob).is_empty());
    assert_eq!(bob.acknowledged.get(&id), Some(&Some(2)));
    bob.command(Command::Remove(1));
    assert_eq!(bob.error().code, ErrorCode::NOT_FOUND);
}

#[test]
fn a_command_without_an_entry_is_acknowledged_and_carried_out_once() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let id = ada.command(Command::Note("milk".into()));
    ada.read();
    assert_eq!(ada.acknowledged.get(&id), Some(&None));
    for again in [None, Some("evict"), Some("crash")] {
        match again {
            Some("evict") => room.evict(),
            Some(_) => {
                room.crash();
                ada.join(&room);
            }
            None => {}
        }
        ada.read();
        ada.send(&command(&id, Command::Note("milk".into())));
        let acks: Vec<_> = std::iter::from_fn(|| ada.next_frame())
            .filter(|frame| matches!(frame, ServerFrame::Ack(ack) if ack.id == id && ack.seq.is_none()))
            .collect();
        assert_eq!((acks.len(), rows(&room, "notes"), ada.head), (1, 1, 0), "{again:?}");
    }
}

#[test]
fn a_command_without_an_entry_is_remembered_for_30_days() {
    let day = Duration::from_secs(24 * 3_600);
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    let id = ada.command(Command::Note("milk".into()));
    let again = |ada: &mut super::board::Member| {
        ada.join(&room);
        // Longer than the pause between two sweeps, which forget what is too old.
        for _ in 0..10 {
            ada.socket().send("ping");
            room.advance(Duration::from_secs(60));
        }
        ada.send(&command(&id, Command::Note("milk".into())));
        ada.read();
        assert!(ada.errors.is_empty(), "{:?}", ada.errors);
        rows(&room, "notes")
    };
    ada.vanish();
    room.advance(day * 29);
    assert_eq!(again(&mut ada), 1);
    ada.vanish();
    room.advance(day * 2);
    assert_eq!(again(&mut ada), 2);
}

#[test]
fn a_command_is_carried_out_once_over_resends_reconnects_and_crashes() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("why?".into());
    bob.read();
    bob.command(Command::Vote(1));
    bob.command(Command::Ask("how?".into()));
    bob.resend();
    bob.vanish();
    bob.join(&room);
    bob.outbox.push(("bob-2".into(), command("bob-2", Command::Vote(1))));
    room.crash();
    bob.join(&room);
    room.evict();
    bob.resend();
    assert_eq!(shown(&mut bob), [("why?".to_owned(), 1), ("how?".to_owned(), 0)]);
    assert!(bob.outbox.is_empty() && bob.errors.is_empty(), "{:?}", bob.errors);
    ada.join(&room);
    assert_eq!(shown(&mut ada), shown(&mut bob));
    assert_eq!(bob.head, 3);
}

#[test]
fn a_command_knows_the_time_and_the_role_of_its_member() {
    let room = room(Mode::Plain);
    join(&room, "ada").command(Command::Stamp);
    let (note,): (String,) = room.sql().query_one("SELECT text FROM notes", ()).unwrap();
    assert_eq!(note, format!("{} Moderator", room.now().as_millis()));
}

#[test]
fn commands_without_an_entry_are_removed_from_the_database_after_30_days() {
    let room = room(Mode::Plain);
    let days = |days: u64| room.advance(Duration::from_secs(days * 24 * 3_600));
    let remembered = || rows(&room, "party_channel_commands");
    join(&room, "ada").command(Command::Shout("old".into()));
    days(29);
    join(&room, "bob").command(Command::Shout("new".into()));
    room.advance(Duration::from_secs(301));
    assert_eq!(remembered(), 2);
    days(1);
    let _cy = join(&room, "cy");
    room.advance(Duration::from_secs(301));
    assert_eq!(remembered(), 1);
}

#[test]
fn a_command_sent_again_is_known_also_if_its_item_is_deleted() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("why?".into());
    bob.read();
    let id = bob.command(Command::Vote(1));
    bob.read();
    ada.delete(1);
    bob.read();
    bob.send(&command(&id, Command::Vote(1)));
    assert!(matches!(bob.next_frame(), Some(ServerFrame::Ack(ack)) if ack.id == id && ack.seq == Some(2)));
    assert!(bob.next_frame().is_none());
}

#[test]
fn a_command_that_fails_undoes_all_that_it_did_and_names_itself() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("why?".into());
    bob.read();
    let refused = bob.command(Command::Refuse(1));
    let error = bob.error();
    assert_eq!((error.code, error.id, error.retry_after), (VOTED, Some(refused), None));
    let failed = bob.command(Command::Fail(1));
    let error = bob.error();
    assert_eq!((error.code, error.id), (ErrorCode::INTERNAL, Some(failed)));
    assert!(error.retry_after.is_some() && !error.message.contains("db-7"));
    assert!(room.errors()[0].contains(&error.error_id.unwrap()));
    assert_eq!((rows(&room, "notes"), rows(&room, "votes")), (0, 0));
    assert_eq!(rows(&room, "party_channel_commands"), 0);
    assert!(events(&mut ada).is_empty() && events(&mut bob).is_empty());
    assert_eq!((shown(&mut ada), ada.head, bob.own.is_none()), (vec![("why?".to_owned(), 0)], 1, true));
    // Nothing of it stays, so the same can be done.
    bob.command(Command::Vote(1));
    assert_eq!(shown(&mut ada), [("why?".to_owned(), 1)]);
}

#[test]
fn a_command_that_fails_in_a_batch_undoes_itself_alone() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (batching(&room, "ada"), batching(&room, "bob"));
    ada.append("why?".into());
    bob.read();
    for failing in [Command::Refuse(1), Command::Fail(1)] {
        room.advance(Duration::from_millis(20));
        ada.append("opens the window".into());
        bob.command(Command::Note("milk".into()));
        let failed = bob.command(failing);
        bob.command(Command::Shout("hello".into()));
        ada.append("last".into());
        room.advance(Duration::from_millis(4));
        assert_eq!(bob.error().id, Some(failed));
        assert_eq!(events(&mut ada), ["hello"]);
    }
    assert_eq!((rows(&room, "notes"), rows(&room, "votes")), (2, 0));
    assert_eq!(texts(&mut ada), ["why?", "opens the window", "last", "opens the window", "last"]);
}

#[test]
fn commands_and_appends_of_one_batch_keep_their_order() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (batching(&room, "ada"), join(&room, "bob"));
    ada.socket().send_json(&[
        append("1", "one"),
        append("2", "two"),
        command("3", Command::Ask("three".into())),
        command("4", Command::Vote(1)),
        append("5", "four"),
        command("6", Command::VotePrivately(5)),
        ClientFrame::Delete { id: "7".into(), target: 2 },
    ]);
    let expected = [("one", 1), ("three", 0), ("four", 1)].map(|(text, votes)| (text.to_owned(), votes));
    assert_eq!(shown(&mut bob), expected);
    assert_eq!(shown(&mut ada), expected);
    assert_eq!((bob.head, ada.errors.len()), (7, 0));
    let query =
        "SELECT id FROM (SELECT id, seq FROM party_log UNION ALL SELECT id, seq FROM party_log_changes)
                 ORDER BY seq";
    let ids: Vec<(String,)> = room.sql().query(query, ()).unwrap();
    assert!(ids.iter().map(|(id,)| id.as_str()).eq(["1", "2", "3", "4", "5", "6", "7"]), "{ids:?}");
}

#[test]
fn an_id_of_an_entry_is_known_to_its_author_as_a_command_and_conflicts_for_others() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    ada.send(&append("x", "why?"));
    ada.send(&command("n", Command::Note("milk".into())));
    ada.read();
    eve.read();
    ada.send(&command("x", Command::Note("tea".into())));
    assert!(matches!(ada.next_frame(), Some(ServerFrame::Ack(ack)) if ack.id == "x" && ack.seq == Some(1)));
    for id in ["x", "n"] {
        eve.send(&command(id, Command::Note("mine".into())));
        let error = eve.error();
        assert_eq!((error.code, error.id.as_deref()), (ErrorCode::CONFLICT, Some(id)));
    }
    assert_eq!(rows(&room, "notes"), 1);
}

#[test]
fn an_id_of_a_command_is_not_used_again_by_an_append() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    ada.send(&command("a", Command::Ask("why?".into())));
    ada.read();
    ada.send(&append("a", "another"));
    assert!(matches!(ada.next_frame(), Some(ServerFrame::Ack(ack)) if ack.id == "a" && ack.seq == Some(1)));
    eve.read();
    eve.send(&append("a", "mine"));
    assert_eq!(eve.error().code, ErrorCode::CONFLICT);
    assert_eq!(texts(&mut eve), ["why?"]);
}

#[test]
fn a_muted_member_sends_no_commands() {
    let room = room(Mode::Plain);
    let (mut ada, mut eve) = (join(&room, "ada"), join(&room, "eve"));
    ada.moderate(party::parts::wire::Action::Mute, &eve.member, Some(60));
    eve.command(Command::Note("milk".into()));
    assert_eq!((eve.error().code, rows(&room, "notes")), (ErrorCode::MUTED, 0));
}
