//! Whole games of the bare rules.

use super::*;

/// Returns a round that has begun: Coral's turn, each with one fleet that the test knows.
fn battle() -> Game {
    let mut game = Game::new();
    game.deal(&mut Dice::new(1));
    let ships = vec![vec![0, 1], vec![24, 32, 40]];
    game.seas = Pair::each(|_| Sea { ships: ships.clone(), shots: Vec::new() });
    for side in Side::BOTH {
        game.ready(side, &mut Dice::new(2)).unwrap();
    }
    game
}

#[test]
fn a_miss_ends_the_turn_and_a_hit_does_not() {
    let mut game = battle();
    assert_eq!(game.phase, Phase::Playing { turn: Side::Coral });
    game.fire(Side::Coral, 0).unwrap();
    assert_eq!(game.phase, Phase::Playing { turn: Side::Coral });
    game.fire(Side::Coral, 2).unwrap();
    assert_eq!(game.phase, Phase::Playing { turn: Side::Teal });
    assert!(!game.seas.teal.has_sunk(&[0, 1]));
}

#[test]
fn an_illegal_move_changes_nothing() {
    let mut game = battle();
    game.fire(Side::Coral, 0).unwrap();
    let before = game.clone();
    assert_eq!(game.fire(Side::Teal, 5), Err(Illegal::NotYourTurn));
    assert_eq!(game.fire(Side::Coral, CELLS), Err(Illegal::OffBoard));
    assert_eq!(game.fire(Side::Coral, 0), Err(Illegal::Repeated));
    assert_eq!(game.ready(Side::Coral, &mut Dice::new(3)), Err(Illegal::NotNow));
    assert_eq!(game.shuffle(Side::Coral, &mut Dice::new(3)), Err(Illegal::NotNow));
    assert_eq!(game, before);
    assert_eq!(Game::new().fire(Side::Coral, 0), Err(Illegal::NotNow));
    assert_eq!(Game::new().ready(Side::Coral, &mut Dice::new(3)), Err(Illegal::NotNow));
}

#[test]
fn a_fleet_can_be_changed_until_its_player_is_ready() {
    let mut game = Game::new();
    game.deal(&mut Dice::new(1));
    let (mine, other) = (game.seas.coral.clone(), game.seas.teal.clone());
    game.shuffle(Side::Coral, &mut Dice::new(9)).unwrap();
    assert_ne!(game.seas.coral, mine);
    assert_eq!(game.seas.teal, other);
    game.ready(Side::Coral, &mut Dice::new(9)).unwrap();
    assert_eq!(game.phase, Phase::Placing);
    assert_eq!(game.shuffle(Side::Coral, &mut Dice::new(9)), Err(Illegal::NotNow));
}

#[test]
fn the_last_hit_wins_and_the_loser_begins_the_next_round() {
    let mut game = battle();
    for cell in [0, 1, 24, 32, 40] {
        game.fire(Side::Coral, cell).unwrap();
    }
    assert_eq!(game.phase, Phase::Over { winner: Side::Coral });
    assert_eq!(game.wins, Pair { coral: 1, teal: 0 });
    assert_eq!(game.fire(Side::Coral, 5), Err(Illegal::NotNow));
    game.ready(Side::Teal, &mut Dice::new(4)).unwrap();
    assert_eq!(game.phase, Phase::Over { winner: Side::Coral });
    game.ready(Side::Coral, &mut Dice::new(4)).unwrap();
    assert_eq!((game.phase, game.round, game.first), (Phase::Placing, 2, Side::Teal));
    assert!(game.seas.coral.shots.is_empty() && game.seas.teal.shots.is_empty());
}

#[test]
fn a_game_that_only_the_clock_plays_ends_legally_whatever_the_seed() {
    for seed in 0..200 {
        let mut dice = Dice::new(seed);
        let mut game = Game::new();
        game.deal(&mut dice);
        let steps = (0..).take_while(|_| {
            game.play_for_the_late(&mut dice);
            game.is_on()
        });
        assert!(steps.count() <= 2 * usize::from(CELLS), "seed {seed}");
        let Phase::Over { winner } = game.phase else { panic!("seed {seed}: {:?}", game.phase) };
        let (won, lost) = (game.seas.of(winner), game.seas.of(winner.other()));
        assert!(lost.ships.iter().all(|ship| lost.has_sunk(ship)));
        assert!(!won.ships.iter().all(|ship| won.has_sunk(ship)));
    }
}
