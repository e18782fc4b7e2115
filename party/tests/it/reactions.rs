//! Reactions: each member gives an emoji to an item once.

use party::parts::reactions::{Reaction, Reactions};
use party::testing::example::hook;
use party::{ErrorCode, MemberId, Result, Room};

const THUMB: &str = "👍";
const HEART: &str = "❤️";

fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// Returns the emoji of an item with their numbers.
fn counts(reactions: &Reactions, item: u64) -> Result<Vec<(String, u32)>> {
    Ok(reactions.of_item(item)?.into_iter().map(|Reaction { emoji, count, .. }| (emoji, count)).collect())
}

fn tables(room: &Room) -> Result<usize> {
    Ok(room.sql().rows("SELECT 1 FROM sqlite_schema WHERE name LIKE 'party_reactions%'", ())?.len())
}

#[test]
fn a_reaction_counts_once_for_each_member_and_only_a_change_is_reported() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        assert!(reactions.set(1, THUMB, &member("ada"), "Ada", true)?);
        assert!(!reactions.set(1, THUMB, &member("ada"), "Ada", true)?);
        assert!(reactions.set(1, THUMB, &member("bob"), "Bob", true)?);
        assert_eq!(counts(&reactions, 1)?, [(THUMB.to_owned(), 2)]);
        assert!(reactions.set(1, THUMB, &member("ada"), "Ada", false)?);
        assert!(!reactions.set(1, THUMB, &member("ada"), "Ada", false)?);
        assert!(!reactions.set(1, HEART, &member("bob"), "Bob", false)?);
        assert_eq!(counts(&reactions, 1)?, [(THUMB.to_owned(), 1)]);
        assert_eq!(counts(&reactions, 2)?, []);
        Ok(())
    });
}

#[test]
fn a_room_without_reactions_has_no_table() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        assert!(!reactions.set(1, THUMB, &member("ada"), "Ada", false)?);
        assert_eq!((counts(&reactions, 1)?, reactions.of_member(&member("ada"))?), (vec![], vec![]));
        reactions.forget(1)?;
        assert_eq!(tables(room)?, 0);
        reactions.set(1, THUMB, &member("ada"), "Ada", true)?;
        assert_eq!(tables(room)?, 2);
        Ok(())
    });
}

#[test]
fn an_item_lists_the_first_five_names_each_cut_to_32_characters() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        for n in 0..7 {
            let name = format!("{n}{}", "é".repeat(40));
            reactions.set(1, HEART, &member(&format!("member-{n}")), &name, true)?;
        }
        let [Reaction { emoji, count, names }] = &reactions.of_item(1)?[..] else { panic!("one emoji") };
        assert_eq!((emoji.as_str(), *count), (HEART, 7));
        assert!(names.iter().map(|name| name.chars().count()).eq([32; 5]), "{names:?}");
        assert!(names.iter().enumerate().all(|(n, name)| name.starts_with(&n.to_string())), "{names:?}");
        Ok(())
    });
}

#[test]
fn an_item_has_at_most_16_different_emoji_each_from_any_number_of_members() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        let faces: Vec<String> = ('\u{1f600}'..='\u{1f610}').map(String::from).collect();
        for face in faces.iter().take(16) {
            assert!(reactions.set(1, face, &member("ada"), "Ada", true)?);
        }
        let error = reactions.set(1, &faces[16], &member("bob"), "Bob", true).unwrap_err();
        assert_eq!(error.code(), ErrorCode::TOO_LARGE);
        assert!(reactions.set(1, &faces[3], &member("bob"), "Bob", true)?);
        assert!(reactions.set(2, &faces[16], &member("bob"), "Bob", true)?);
        assert!(reactions.set(1, &faces[0], &member("ada"), "Ada", false)?);
        assert!(reactions.set(1, &faces[16], &member("bob"), "Bob", true)?);
        assert_eq!(
            reactions.set(1, "no", &member("ada"), "Ada", true).unwrap_err().code(),
            ErrorCode::INVALID
        );
        assert_eq!(
            reactions.set(1, "no", &member("ada"), "Ada", false).unwrap_err().code(),
            ErrorCode::INVALID
        );
        Ok(())
    });
}

#[test]
fn a_member_has_its_reactions_to_the_newest_500_items_first() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        for item in 1..=501 {
            reactions.set(item, THUMB, &member("ada"), "Ada", true)?;
        }
        reactions.set(7, THUMB, &member("bob"), "Bob", true)?;
        let own = reactions.of_member(&member("ada"))?;
        assert!(own.iter().map(|(item, _)| *item).eq((2..=501).rev()));
        assert_eq!(reactions.of_member(&member("bob"))?, [(7, THUMB.to_owned())]);
        Ok(())
    });
}

#[test]
fn all_reactions_of_one_item_are_forgotten_and_no_others() {
    hook(async |room, _ada| {
        let reactions = Reactions::open(room)?;
        for (item, emoji) in [(1, THUMB), (1, HEART), (2, HEART)] {
            reactions.set(item, emoji, &member("ada"), "Ada", true)?;
        }
        reactions.forget(1)?;
        assert_eq!(reactions.of_member(&member("ada"))?, [(2, HEART.to_owned())]);
        Ok(())
    });
}
