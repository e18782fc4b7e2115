//! The limits of names, and the names of parties as PartyServer makes them of bindings.

use super::*;

#[test]
fn a_room_name_has_1_to_1024_bytes() {
    assert!(RoomName::new("").is_err());
    assert!(RoomName::new(&"a".repeat(1024)).is_ok());
    assert!(RoomName::new(&"a".repeat(1025)).is_err());
    assert!(RoomName::new(&"é".repeat(513)).is_err());
}

#[test]
fn a_room_name_that_every_browser_takes_for_a_part_of_the_path_is_refused() {
    for name in [".", "..", "%2e", "%2E", ".%2e", "%2E.", "%2e%2E"] {
        assert!(RoomName::new(name).is_err(), "{name}");
    }
    for name in ["...", ".a", "%2e%2e%2e", "%252e", "%2"] {
        assert!(RoomName::new(name).is_ok(), "{name}");
    }
}

#[test]
fn a_room_name_is_kept_byte_for_byte() {
    let name = RoomName::new("A%20b").unwrap();
    assert_eq!(name.as_str(), "A%20b");
    assert_ne!(name, RoomName::new("A b").unwrap());
    assert_ne!(name, RoomName::new("a%20b").unwrap());
    assert_eq!(name.decoded(), "A b");
}

#[test]
fn a_name_that_decodes_to_no_utf8_still_shows() {
    assert_eq!(RoomName::new("%FFx").unwrap().decoded(), "\u{FFFD}x");
    assert_eq!(RoomName::new("100%").unwrap().decoded(), "100%");
}

#[test]
fn tags_and_ids_have_1_to_256_bytes_as_the_platform_counts_them() {
    for len in [1, 256] {
        assert!(Tag::new(&"t".repeat(len)).is_ok());
        assert!(ConnectionId::new(&"t".repeat(len)).is_ok());
    }
    assert!(Tag::new("").is_err());
    assert!(std::panic::catch_unwind(|| Tag::from_static("")).is_err());
    assert!(Tag::new(&"t".repeat(257)).is_err());
    assert!(ConnectionId::new(&"é".repeat(128)).is_ok());
    assert!(ConnectionId::new(&"é".repeat(129)).is_err());
    assert!(ConnectionId::new(&"😀".repeat(65)).is_err());
}

#[test]
fn a_made_id_has_21_url_safe_characters() {
    let id =
        ConnectionId::random(|bytes| bytes.iter_mut().zip(40_u8..).for_each(|(byte, value)| *byte = value));
    assert_eq!(id.as_str(), "opqrstuvwxyz012345678");
    assert_eq!(id.as_str().len(), 21);
}

#[test]
fn a_party_is_named_after_its_binding_in_kebab_case() {
    for (binding, party) in [
        ("Chat", "chat"),
        ("MyServer", "my-server"),
        ("myServer", "my-server"),
        ("CHAT", "chat"),
        ("MY_CHAT", "my-chat"),
        ("my_chat", "my-chat"),
        ("My_Chat", "my--chat"),
        ("HTTPServer", "h-t-t-p-server"),
        ("Chat2", "chat2"),
        ("CHAT_", "chat"),
        ("Chat_", "chat"),
        ("chat-room", "chat-room"),
    ] {
        assert_eq!(PartyName::of_binding(binding).as_str(), party, "{binding}");
    }
}

#[test]
fn a_tag_of_a_literal_is_the_same_as_one_that_was_checked() {
    const RED: Tag = Tag::from_static("red");
    let red = Tag::new("red").unwrap();
    assert_eq!(RED, red);
    assert_eq!(RED.cmp(&red), Ordering::Equal);
    assert!(RED > Tag::new("blue").unwrap());
}

#[test]
fn a_members_id_has_1_to_128_bytes_also_when_it_is_read() {
    assert!(MemberId::new(&"m".repeat(128)).is_ok());
    assert!(MemberId::new(&"m".repeat(129)).is_err());
    let ada: MemberId = serde_json::from_str("\"ada\"").unwrap();
    assert_eq!(serde_json::to_string(&ada).unwrap(), "\"ada\"");
    assert!(serde_json::from_str::<MemberId>("\"\"").is_err());
}

#[test]
fn every_name_is_written_as_its_text() {
    let written = serde_json::to_value((
        RoomName::new("caf%C3%A9").unwrap(),
        PartyName::new("chat").unwrap(),
        ConnectionId::new("ada").unwrap(),
        Tag::from_static("red"),
    ));
    assert_eq!(written.unwrap(), serde_json::json!(["caf%C3%A9", "chat", "ada", "red"]));
}

#[test]
fn a_member_id_equals_its_text_and_no_other_from_either_side() {
    let (same, other) = ("ada".to_owned(), "bob".to_owned());
    let ada = MemberId::new("ada").unwrap();
    assert!(ada == *"ada" && ada == "ada" && ada == same);
    assert!(*"ada" == ada && "ada" == ada && same == ada);
    assert!(ada != *"bob" && ada != "bob" && ada != other);
    assert!(*"bob" != ada && "bob" != ada && other != ada);
}

#[test]
fn a_tag_is_found_by_its_text_in_a_set() {
    let tags = std::collections::HashSet::from([Tag::from_static("red"), Tag::new("blue").unwrap()]);
    assert!(tags.contains("red") && tags.contains("blue") && !tags.contains("green"));
}

#[test]
fn an_empty_tag_or_id_is_refused_as_such() {
    assert!(Tag::new("").unwrap_err().to_string().ends_with("is empty"));
    assert!(MemberId::new("").is_err() && ConnectionId::new("").is_err());
}
