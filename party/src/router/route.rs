//! Which room an address names. Pure text: nothing here knows of requests or of the platform.

/// The prefix of party addresses unless another is chosen.
pub(crate) const DEFAULT_PREFIX: &str = "parties";

/// The room that an address names.
///
/// ```text
/// /parties/chat/lobby/avatars/7
///  ^^^^^^^ ^^^^ ^^^^^ ^^^^^^^^^
///  prefix  party room  rest
/// ```
///
/// # Example
///
/// ```
/// use party::Route;
///
/// let route = Route::parse("/parties/chat/lobby/avatars/7", "parties").unwrap();
/// assert_eq!((route.party(), route.room()), ("chat", "lobby"));
/// assert!(route.rest().eq(["avatars", "7"]));
///
/// assert!(Route::parse("/style.css", "parties").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    party: &'a str,
    room: &'a str,
    rest: &'a str,
}

impl<'a> Route<'a> {
    /// Reads a path; `None` if it has another prefix or names no room.
    ///
    /// The prefix may have several segments (`api/v1/parties`). Slashes around it do not matter, and neither do empty
    /// segments in the path. Names are taken as they are: percent-encoding is kept and case matters.
    ///
    /// # Example
    ///
    /// ```
    /// use party::Route;
    ///
    /// let route = Route::parse("/api/v1/rooms/chat/caf%C3%A9", "api/v1/rooms").unwrap();
    /// assert_eq!((route.party(), route.room()), ("chat", "caf%C3%A9"));
    /// assert!(Route::parse("/parties/chat", "parties").is_none(), "it names no room");
    /// ```
    pub fn parse(path: &'a str, prefix: &str) -> Option<Self> {
        let mut rest = path;
        for expected in prefix.split('/').filter(|segment| !segment.is_empty()) {
            if next_segment(&mut rest)? != expected {
                return None;
            }
        }
        let party = next_segment(&mut rest)?;
        let room = next_segment(&mut rest)?;
        Some(Self { party, room, rest })
    }

    /// Returns the party's name as it is in the path.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Route;
    /// assert_eq!(Route::parse("/parties/chat/lobby", "parties").unwrap().party(), "chat");
    /// ```
    pub fn party(&self) -> &'a str {
        self.party
    }

    /// Returns the room's name as it is in the path.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Route;
    /// assert_eq!(Route::parse("/parties/chat/lobby", "parties").unwrap().room(), "lobby");
    /// ```
    pub fn room(&self) -> &'a str {
        self.room
    }

    /// Returns the segments behind the room's name.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::Route;
    /// let route = Route::parse("/parties/chat/lobby/avatars/7", "parties").unwrap();
    /// assert!(route.rest().eq(["avatars", "7"]));
    /// ```
    pub fn rest(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.rest.split('/').filter(|segment| !segment.is_empty())
    }
}

/// Takes the first segment that is not empty off the path.
fn next_segment<'a>(path: &mut &'a str) -> Option<&'a str> {
    let trimmed = path.trim_start_matches('/');
    let (segment, rest) = trimmed.split_once('/').unwrap_or((trimmed, ""));
    *path = rest;
    (!segment.is_empty()).then_some(segment)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::RoomName;

    fn names<'a>(path: &'a str, prefix: &str) -> Option<(&'a str, &'a str, Vec<&'a str>)> {
        Route::parse(path, prefix).map(|route| (route.party(), route.room(), route.rest().collect()))
    }

    #[test]
    fn a_path_with_a_party_and_a_room_matches() {
        assert_eq!(names("/parties/chat/lobby", "parties"), Some(("chat", "lobby", vec![])));
        assert_eq!(names("/parties/chat/lobby/", "parties"), Some(("chat", "lobby", vec![])));
        assert_eq!(names("/parties/chat/lobby/a//b", "parties"), Some(("chat", "lobby", vec!["a", "b"])));
    }

    #[test]
    fn a_path_with_fewer_segments_or_another_prefix_does_not_match() {
        for path in [
            "",
            "/",
            "/parties",
            "/parties/chat",
            "/parties/chat/",
            "/party/chat/lobby",
            "/Parties/chat/lobby",
        ] {
            assert_eq!(names(path, "parties"), None, "{path}");
        }
    }

    #[test]
    fn empty_segments_are_dropped() {
        assert_eq!(names("//parties//chat//lobby//x", "parties"), Some(("chat", "lobby", vec!["x"])));
    }

    #[test]
    fn a_prefix_may_have_several_segments_and_slashes_around_it() {
        for prefix in ["api/v1/parties", "/api/v1/parties/", "api//v1/parties"] {
            assert_eq!(
                names("/api/v1/parties/chat/lobby", prefix),
                Some(("chat", "lobby", vec![])),
                "{prefix}"
            );
            assert_eq!(names("/parties/chat/lobby", prefix), None, "{prefix}");
        }
    }

    #[test]
    fn names_are_taken_raw() {
        assert_eq!(names("/parties/chat/a%2Fb", "parties"), Some(("chat", "a%2Fb", vec![])));
        assert_eq!(names("/parties/Chat/Lobby", "parties"), Some(("Chat", "Lobby", vec![])));
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        ok: bool,
        path: Option<String>,
    }

    /// Returns the names that clients ask for, and the segment of a path that each of them is.
    fn cases() -> Vec<Case> {
        serde_json::from_str(include_str!("../../../tests/fixtures/room-names.json")).unwrap()
    }

    #[test]
    fn a_name_that_a_client_asks_for_is_one_segment_and_one_room() {
        let mut rooms = HashSet::new();
        for Case { name, path, .. } in cases().into_iter().filter(|case| case.ok) {
            let path = path.unwrap();
            assert_eq!(
                names(&format!("/parties/chat/{path}/rest"), "parties"),
                Some(("chat", path.as_str(), vec!["rest"]))
            );
            let room = RoomName::new(&path).unwrap();
            assert_eq!(room.decoded(), name);
            assert_eq!(RoomName::encoded(&name).unwrap(), room);
            assert!(rooms.insert(room), "{name:?} reaches the room of another name");
        }
    }

    #[test]
    fn a_name_that_no_address_can_have_is_refused() {
        for case in cases().into_iter().filter(|case| !case.ok) {
            assert!(RoomName::encoded(&case.name).is_err(), "{:?}", case.name);
        }
    }
}
