//! The examples of the README and of the book, compiled and run as doc tests. Each page is a struct.

/// Writes a struct for each page, with the page as its documentation.
macro_rules! pages {
    ($($(#[$attribute:meta])* $page:ident = $path:literal;)*) => {
        $($(#[$attribute])* #[doc = include_str!($path)] struct $page;)*
    };
}

pages! {
    Readme = "../../README.md";
    Quickstart = "../../docs/book/src/quickstart.md";
    Tutorial = "../../docs/book/src/tutorial.md";
    Rooms = "../../docs/book/src/rooms.md";
    Connections = "../../docs/book/src/connections.md";
    History = "../../docs/book/src/history.md";
    Commands = "../../docs/book/src/commands.md";
    Presence = "../../docs/book/src/presence.md";
    #[cfg(feature = "document")]
    Documents = "../../docs/book/src/documents.md";
    #[cfg(feature = "jwt")]
    Authentication = "../../docs/book/src/authentication.md";
    Moderation = "../../docs/book/src/moderation.md";
    Limits = "../../docs/book/src/limits.md";
    Storage = "../../docs/book/src/storage.md";
    Jobs = "../../docs/book/src/jobs.md";
    Http = "../../docs/book/src/http.md";
    Calls = "../../docs/book/src/calls.md";
    Testing = "../../docs/book/src/testing.md";
    Upgrading = "../../docs/book/src/upgrading.md";
    ComingFromPartyserver = "../../docs/book/src/coming-from-partyserver.md";
}
