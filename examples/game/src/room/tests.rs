//! Games in a native room, with everything that can happen to it in between.

use std::time::Duration;

use party::ErrorCode;
use party::testing::TestRoom;

use self::guest::{Guest, TURN, battle, stored, target};
use super::*;
use crate::fleet::CELLS;
use crate::protocol::{Effect, NOT_NOW, NOT_YOUR_TURN, OFF_BOARD, REPEATED};
use crate::rules::Phase;

mod guest;

#[test]
fn a_whole_game_is_played_and_the_loser_begins_the_rematch() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, watcher] = battle(&room);
    coral.send(target(&room, Side::Teal, false));
    assert_eq!(teal.view().last.unwrap().did, Effect::Miss);
    for _ in 0..12 {
        teal.send(target(&room, Side::Coral, true));
    }
    for guest in [&coral, &teal, &watcher] {
        let view = guest.view();
        assert_eq!(view.phase, Phase::Over { winner: Side::Teal });
        assert_eq!((view.players.teal.wins, view.left_ms), (1, None));
        assert_eq!(view.last.unwrap().did, Effect::Sunk);
        assert_eq!(view.seas.teal.ships.len(), 4, "after the round all is open");
    }
    assert_eq!(room.alarm(), None);

    coral.send(ClientFrame::Ready);
    teal.send(ClientFrame::Ready);
    for player in [&coral, &teal] {
        player.send(ClientFrame::Ready);
    }
    assert_eq!(watcher.view().phase, Phase::Playing { turn: Side::Coral });
    assert_eq!(room.errors(), Vec::<String>::new());
}

#[test]
fn a_game_goes_on_where_it_was_after_an_eviction_and_after_a_crash() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, _watcher] = battle(&room);
    coral.send(target(&room, Side::Teal, true));
    room.evict();
    coral.send(target(&room, Side::Teal, false));
    assert_eq!(teal.view().phase, Phase::Playing { turn: Side::Teal });
    let before = stored(&room);

    room.crash();
    let back = Guest::come_back(&room, "x", &teal.secret.unwrap());
    assert_eq!(back.side, Some(Side::Teal));
    let view = back.view();
    assert_eq!((view.seas.teal.hits.len(), view.seas.teal.misses.len()), (1, 1));
    assert_eq!(stored(&room), before);
    back.send(target(&room, Side::Coral, false));
    assert_eq!(back.view().phase, Phase::Playing { turn: Side::Coral });
}

#[test]
fn a_seat_belongs_to_the_member_with_its_secret_on_any_connection() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, watcher] = battle(&room);
    assert_eq!([coral.side, teal.side, watcher.side], [Some(Side::Coral), Some(Side::Teal), None]);
    let secret = coral.secret.clone().unwrap();
    coral.client.vanish();
    assert!(!teal.view().players.coral.online);

    let thief = Guest::join(&room, "a");
    assert_eq!(thief.side, None, "an id proves nothing");
    assert_ne!(thief.secret.as_ref(), Some(&secret));
    let (member, _) = secret.rsplit_once('.').unwrap();
    for forged in [member, &format!("{member}."), &format!("{member}.AAAA"), "x"] {
        assert_eq!(Guest::come_back(&room, "liar", forged).side, None, "{forged}");
    }

    let back = Guest::come_back(&room, "another phone", &secret);
    assert_eq!((back.side, back.secret.as_ref()), (Some(Side::Coral), None));
    assert!(teal.view().players.coral.online);
    back.send(target(&room, Side::Teal, false));
    assert_eq!(teal.view().phase, Phase::Playing { turn: Side::Teal });
}

#[test]
fn nobody_ever_gets_a_frame_with_what_is_hidden_from_them() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, watcher] = battle(&room);
    // These have ids that a careless room could take for the sides.
    let imposters = [Guest::watch(&room, "coral"), Guest::watch(&room, "spectator")];
    for step in 0..40 {
        if step % 7 == 3 {
            room.evict();
        }
        room.advance(TURN);
        let table = stored(&room);
        for guest in [&coral, &teal, &watcher].into_iter().chain(&imposters) {
            guest.news().0.into_iter().for_each(|view| assert_hides(&table, guest.side, &view));
        }
        if !table.game.is_on() {
            break;
        }
    }
    let secrets = [coral.secret.as_ref().unwrap(), teal.secret.as_ref().unwrap()];
    for guest in [&coral, &teal, &watcher].into_iter().chain(&imposters) {
        let frames = guest.frames.borrow().concat();
        assert!(!frames.is_empty() && !secrets.iter().any(|secret| frames.contains(*secret)));
    }
}

/// Checks that a view of another player's sea has only sunk ships, and only cells that were fired at.
fn assert_hides(table: &Table, viewer: Option<Side>, view: &View) {
    for side in Side::BOTH.into_iter().filter(|side| table.game.is_on() && viewer != Some(*side)) {
        let (sea, seen) = (table.game.seas.of(side), view.seas.of(side));
        assert!(seen.ships.iter().all(|ship| sea.has_sunk(ship)), "{viewer:?} sees {seen:?} of {sea:?}");
        assert!(seen.hits.iter().chain(&seen.misses).all(|cell| sea.shots.contains(cell)));
    }
}

#[test]
fn while_fleets_are_placed_only_their_owner_sees_them() {
    let room = TestRoom::<Game>::new("sea");
    let guests = [Guest::join(&room, "a"), Guest::join(&room, "b"), Guest::watch(&room, "c")];
    guests[0].send(ClientFrame::Shuffle);
    let seen = guests.each_ref().map(|guest| {
        let seas = guest.view().seas;
        (seas.coral.ships.len(), seas.teal.ships.len())
    });
    assert_eq!(seen, [(4, 0), (0, 4), (0, 0)]);
}

#[test]
fn a_player_who_is_late_has_a_random_shot_fired_and_the_clock_survives_an_eviction() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, _watcher] = battle(&room);
    room.evict();
    room.advance(TURN - Duration::from_millis(1));
    assert_eq!(teal.news(), (None, None));
    room.advance(Duration::from_millis(1));
    let shot = coral.view().last.unwrap();
    assert_eq!((shot.by, shot.late), (Side::Coral, true));
    assert_eq!(teal.view().left_ms, Some(30_000));
    assert_eq!(room.alarm(), Some(room.now() + TURN));
}

#[test]
fn fleets_are_taken_as_they_lie_when_their_players_are_late() {
    let room = TestRoom::<Game>::new("sea");
    let (coral, teal) = (Guest::join(&room, "a"), Guest::join(&room, "b"));
    room.advance(TURN / 2);
    coral.send(ClientFrame::Shuffle);
    coral.send(ClientFrame::Ready);
    assert_eq!(teal.view().left_ms, Some(15_000), "neither stops the clock");
    let fleets = stored(&room).game.seas;
    room.advance(TURN / 2);
    assert_eq!(teal.view().phase, Phase::Playing { turn: Side::Coral });
    assert_eq!(stored(&room).game.seas, fleets);
}

#[test]
fn a_shot_in_time_winds_the_clock_anew() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, _watcher] = battle(&room);
    room.advance(TURN - Duration::from_millis(1));
    coral.send(target(&room, Side::Teal, false));
    room.advance(TURN - Duration::from_millis(1));
    assert!(!teal.view().last.unwrap().late);
}

#[test]
fn an_illegal_move_is_answered_to_its_sender_and_changes_nothing() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, watcher] = battle(&room);
    let before = stored(&room);
    teal.send(ClientFrame::Fire { cell: 0 });
    assert_eq!(teal.refusal(), NOT_YOUR_TURN);
    coral.send(ClientFrame::Fire { cell: CELLS });
    assert_eq!(coral.refusal(), OFF_BOARD);
    coral.send(ClientFrame::Shuffle);
    assert_eq!(coral.refusal(), NOT_NOW);
    watcher.send(ClientFrame::Fire { cell: 0 });
    assert_eq!(watcher.refusal(), SPECTATOR);
    let win = r#"{"type":"win"}"#;
    for (bad, code) in [("?", ErrorCode::NOT_JSON), ("[]", ErrorCode::INVALID), (win, ErrorCode::INVALID)] {
        coral.client.send(bad);
        assert_eq!(coral.refusal(), code);
    }
    coral.client.send(vec![1, 2, 3]);
    assert_eq!(coral.refusal(), ErrorCode::BINARY);
    assert_eq!((teal.news(), watcher.news()), ((None, None), (None, None)));
    assert_eq!(stored(&room), before);

    let hit = target(&room, Side::Teal, true);
    coral.send(hit);
    coral.view();
    coral.send(hit);
    assert_eq!(coral.refusal(), REPEATED);
}

#[test]
fn a_seat_that_was_left_is_free_when_no_game_is_on_and_not_before() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, watcher] = battle(&room);
    coral.client.vanish();
    assert!(!watcher.view().free_seat);
    while stored(&room).game.is_on() {
        room.advance(TURN);
    }
    assert!(watcher.view().free_seat);

    let newcomer = Guest::join(&room, "d");
    assert_eq!(newcomer.side, Some(Side::Coral));
    assert_ne!(newcomer.secret, coral.secret);
    let view = teal.view();
    assert_eq!((view.phase, view.players.teal.wins + view.players.coral.wins), (Phase::Placing, 0));
    assert_eq!(Guest::come_back(&room, "a", &coral.secret.unwrap()).side, None);
}

#[test]
fn random_play_with_evictions_and_nonsense_in_between_ends_legally() {
    for seed in 0..15 {
        let room = TestRoom::<Game>::with_seed("sea", seed);
        let guests = battle(&room);
        let mut chance = Dice::new(seed);
        let mut steps = 0;
        while stored(&room).game.is_on() {
            let cell = chance.pick(&(0..=CELLS).collect::<Vec<_>>()).unwrap();
            let frame = chance.pick(&[ClientFrame::Fire { cell }, ClientFrame::Ready]).unwrap();
            chance.pick(&[&guests[0], &guests[1], &guests[2]]).unwrap().send(frame);
            match chance.pick(&[0, 1, 2, 3, 4, 5, 6, 7]) {
                Some(0) => room.evict(),
                Some(1) => room.advance(TURN / 3),
                _ => {}
            }
            steps += 1;
            assert!(steps < 10_000, "seed {seed}");
        }
        let view = guests[2].view();
        let Phase::Over { winner } = view.phase else { panic!("seed {seed}: {view:?}") };
        assert_eq!(view.seas.of(winner.other()).hits.len(), 12);
        assert!(view.seas.of(winner).hits.len() < 12);
        assert_eq!(room.errors(), Vec::<String>::new());
    }
}

#[test]
fn a_move_that_cannot_be_stored_is_refused_and_told_to_nobody() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, teal, _watcher] = battle(&room);
    let shot = target(&room, Side::Teal, true);
    room.sql().execute("ALTER TABLE game RENAME TO lost", ()).unwrap();
    coral.send(shot);
    assert_eq!(coral.refusal(), ErrorCode::INTERNAL);
    assert_eq!(teal.news(), (None, None));
    assert_eq!(room.errors().len(), 1);
    room.sql().execute("ALTER TABLE lost RENAME TO game", ()).unwrap();
    coral.send(shot);
    assert_eq!(teal.view().last.unwrap().did, Effect::Hit);
}

#[test]
fn a_spectator_keeps_their_identity_and_can_take_a_seat_later() {
    let room = TestRoom::<Game>::new("sea");
    let watcher = Guest::watch(&room, "a");
    let seated = Guest::come_back(&room, "b", watcher.secret.as_ref().unwrap());
    assert_eq!((seated.side, seated.secret.as_ref()), (Some(Side::Coral), None));
    let both = Guest::watch(&room, "c").view();
    assert_eq!((both.players.coral.online, both.spectators), (true, 1));
}

#[test]
fn a_player_whose_first_answer_was_lost_does_not_block_the_seat() {
    let room = TestRoom::<Game>::new("sea");
    Guest::join(&room, "lost").client.vanish();
    let (coral, teal) = (Guest::join(&room, "a"), Guest::join(&room, "b"));
    assert_eq!((coral.side, teal.side), (Some(Side::Coral), Some(Side::Teal)));
}

#[test]
fn no_secret_is_read_from_the_address() {
    let room = TestRoom::<Game>::new("sea");
    let [coral, _teal, _watcher] = battle(&room);
    let secret = coral.secret.unwrap();
    let client = room.connecting("x").query("token", &secret).query("secret", &secret).connect();
    let ServerFrame::Welcome { side, .. } = client.receive_json() else { panic!("no welcome") };
    assert_eq!(side, None);
}
