//! Positions: a client resumes exactly, or starts again from the newest page.

use std::time::Duration;

use party::testing::TestRoom;

use super::board::{Board, Member, Mode, join, room, rows, texts};

/// Copies the tables of the log.
fn backup(room: &TestRoom<Board>) {
    for table in ["party_log", "party_log_changes", "party_log_meta"] {
        room.sql().execute(&format!("CREATE TABLE backup_{table} AS SELECT * FROM {table}"), ()).unwrap();
    }
}

/// Puts the log back to the moment of the backup, as the platform does with a whole database.
fn restore(room: &TestRoom<Board>) {
    for table in ["party_log", "party_log_changes", "party_log_meta"] {
        room.sql().execute(&format!("DELETE FROM {table}"), ()).unwrap();
        room.sql().execute(&format!("INSERT INTO {table} SELECT * FROM backup_{table}"), ()).unwrap();
    }
    room.evict();
}

/// Returns three clients that are away: at the third entry, at the fifth, and at none.
fn away(room: &TestRoom<Board>) -> (Member, Member, Member, Member) {
    let (mut ada, mut bob, mut cy) = (join(room, "ada"), join(room, "bob"), join(room, "cy"));
    let mut dan = join(room, "dan");
    dan.vanish();
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    bob.read();
    bob.vanish();
    backup(room);
    room.advance(Duration::from_secs(1));
    ada.append("four".into());
    ada.edit(1, "ONE".into());
    [&mut ada, &mut cy].into_iter().for_each(|member| {
        member.read();
        member.vanish();
    });
    assert_eq!((bob.head, cy.head, dan.head), (3, 5, 0));
    (ada, bob, cy, dan)
}

#[test]
fn a_client_whose_entries_are_gone_after_a_restore_starts_from_the_newest_page() {
    let room = room(Mode::Plain);
    let (_ada, mut bob, mut cy, mut dan) = away(&room);
    restore(&room);
    let mut eve = join(&room, "eve");
    assert_eq!(texts(&mut eve), ["one", "two", "three"]);
    ["vier", "fuenf"].iter().for_each(|text| drop(eve.append((*text).into())));
    let all = ["one", "two", "three", "vier", "fuenf"];
    assert_eq!((texts(&mut eve), eve.head), (all.map(str::to_owned).to_vec(), 5));
    // It has as many entries as the log, but others.
    cy.join(&room);
    assert!(!cy.recovered);
    assert_eq!(texts(&mut cy), all);
    for (member, caught) in [(&mut bob, 2), (&mut dan, 5)] {
        member.join(&room);
        assert_eq!((member.recovered, member.caught), (true, caught));
        assert_eq!(texts(member), all);
    }
}

#[test]
fn a_client_that_knows_more_entries_than_a_restored_log_starts_from_the_newest_page() {
    let room = room(Mode::Plain);
    let (_ada, mut bob, mut cy, _dan) = away(&room);
    restore(&room);
    cy.join(&room);
    assert!(!cy.recovered);
    assert_eq!((texts(&mut cy), cy.head), (["one", "two", "three"].map(str::to_owned).to_vec(), 3));
    bob.join(&room);
    assert_eq!((bob.recovered, bob.caught), (true, 0));
}

#[test]
fn a_client_in_the_middle_of_what_was_replaced_starts_from_the_newest_page() {
    let room = room(Mode::Plain);
    let (_ada, _bob, mut cy, _dan) = away(&room);
    restore(&room);
    let mut eve = join(&room, "eve");
    (0..4).for_each(|n| drop(eve.append(format!("other {n}"))));
    cy.join(&room);
    assert!(!cy.recovered);
    assert_eq!((texts(&mut cy).len(), cy.head), (7, 7));
    cy.vanish();
    eve.append("last".into());
    cy.join(&room);
    assert_eq!((cy.recovered, cy.caught, texts(&mut cy).len()), (true, 1, 8));
}

#[test]
fn a_position_in_a_welcome_can_be_sent_back_as_it_is() {
    let room = room(Mode::Plain);
    let ada = join(&room, "ada");
    let ids = ["with.dots..in.it", "a b&c=d%?#", "Zoë 🎉"];
    for (n, id) in (1..).zip(ids) {
        ada.send(&super::board::ClientFrame::Append { id: id.into(), body: id.into() });
        let welcome: serde_json::Value = welcome_of(&room, None);
        assert_eq!((&welcome["head"], &welcome["recovered"]), (&n.into(), &false.into()));
        let position = welcome["position"].as_str().unwrap();
        assert!(position.ends_with(id), "{position}");
        let again = welcome_of(&room, Some(position));
        assert_eq!((&again["recovered"], &again["entries"]), (&true.into(), &serde_json::json!([])));
        assert_eq!(again["position"], welcome["position"]);
    }
    let epoch = welcome_of(&room, None)["epoch"].as_str().unwrap().to_owned();
    let all = welcome_of(&room, Some(&format!("{epoch}.0.0.")));
    assert_eq!((&all["recovered"], all["entries"].as_array().unwrap().len()), (&true.into(), 3));
    for nonsense in
        ["", "x", &epoch, &format!("{epoch}.x.0."), &format!("{epoch}.-1.0.a"), &format!("{epoch}.3")]
    {
        let reset = welcome_of(&room, Some(nonsense));
        assert_eq!((&reset["recovered"], reset["entries"].as_array().unwrap().len()), (&false.into(), 3));
    }
}

/// Returns the welcome of a new client that gives this position.
fn welcome_of(room: &TestRoom<Board>, position: Option<&str>) -> serde_json::Value {
    let mut connecting = room.connecting("probe").query("wire", "2");
    if let Some(position) = position {
        connecting = connecting.query("position", position);
    }
    let client = connecting.connect();
    let frames = client.received();
    let frames = frames.iter().map(|frame| frame.read_json::<serde_json::Value>().unwrap());
    frames.into_iter().find(|frame| frame["type"] == "welcome").unwrap()
}

#[test]
fn retention_keeps_items_and_changes_by_their_own_numbers_and_resets_clients_before_it() {
    let room = room(Mode::Short);
    let (mut ada, mut bob, mut cy) = (join(&room, "ada"), join(&room, "bob"), join(&room, "cy"));
    ["one", "two", "three"].iter().for_each(|text| drop(ada.append((*text).into())));
    bob.read();
    bob.vanish();
    (0..9).for_each(|n| drop(ada.edit(1 + n % 3, format!("edit {n}"))));
    cy.read();
    cy.vanish();
    let until_the_sweep = |ada: &Member| {
        for _ in 0..5 {
            ada.socket().send("ping");
            room.advance(Duration::from_secs(60));
        }
    };
    until_the_sweep(&ada);
    assert_eq!((rows(&room, "party_log"), rows(&room, "party_log_changes")), (3, 2));
    assert_eq!(texts(&mut ada), ["edit 6", "edit 7", "edit 8"]);
    bob.join(&room);
    assert_eq!((bob.recovered, texts(&mut bob)), (false, texts(&mut ada)));
    cy.join(&room);
    assert_eq!((cy.recovered, cy.caught), (true, 0));
    ada.append("four".into());
    until_the_sweep(&ada);
    room.advance(Duration::from_secs(1));
    assert_eq!((rows(&room, "party_log"), rows(&room, "party_log_changes")), (3, 2));
    let mut dan = join(&room, "dan");
    assert_eq!(texts(&mut dan), ["edit 7", "edit 8", "four"]);
    assert_eq!(dan.head, 13);
}

#[test]
fn a_client_that_was_away_for_ten_years_gets_exactly_what_it_missed() {
    let room = room(Mode::Plain);
    let (mut ada, mut bob) = (join(&room, "ada"), join(&room, "bob"));
    ada.append("one".into());
    bob.read();
    bob.vanish();
    ada.append("two".into());
    ada.edit(1, "ONE".into());
    ada.vanish();
    room.advance(Duration::from_secs(10 * 365 * 24 * 3_600));
    bob.join(&room);
    assert_eq!((bob.recovered, bob.caught), (true, 2));
    assert_eq!(texts(&mut bob), ["ONE", "two"]);
}

#[test]
fn no_row_keeps_a_body_that_was_edited_or_deleted() {
    let room = room(Mode::Plain);
    let mut ada = join(&room, "ada");
    ada.append("an edited secret".into());
    ada.append("a deleted secret".into());
    ada.append("what stays".into());
    let kept = || serde_json::to_string(&room.snapshot().unwrap()).unwrap();
    assert!(kept().contains("an edited secret") && kept().contains("a deleted secret"));
    ada.edit(1, "harmless".into());
    ada.delete(2);
    ada.read();
    assert!(kept().contains("harmless") && kept().contains("what stays"));
    assert!(!kept().contains("secret"), "{}", kept());
}
