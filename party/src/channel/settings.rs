//! The settings of a channel.

use std::time::Duration;

use super::relays::Relays;
use crate::parts::limits::LimitsOptions;
use crate::parts::log::{PageSize, Retention};

/// The settings of a [`Channel`](super::Channel).
///
/// | setting | default |
/// | --- | --- |
/// | [limits](Self::limits) | those of [`LimitsOptions`] |
/// | [retention](Self::retention) | entries are kept forever |
/// | [page of the history](Self::page_size) | 100 items, about 64 KiB |
/// | [heartbeat](Self::heartbeat) | `ping`, answered with `pong` |
/// | [silence](Self::silence) after which a connection is dead | 150 seconds |
/// | [sweep](Self::sweep_every) of a quiet room | every 300 seconds |
/// | [grace](Self::grace) of a member without a connection | 10 seconds |
/// | [roster](Self::roster_up_to) | in rooms of up to 100 members |
/// | [batch window](Self::batch_window) | 4 milliseconds |
/// | [kinds of ephemeral events](Self::ephemeral_kinds) | any, of 1 to 32 bytes |
/// | [founder](Self::founder) | the first member that proves its identity |
/// | [review](Self::review_or_accept) | none |
/// | [operator key](Self::operator_key) | none: nobody is an operator |
/// | [time to live](Self::time_to_live) | rooms are kept for ever, unused ones for 24 hours |
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use party::channel::Settings;
/// use party::parts::limits::LimitsOptions;
/// use party::parts::log::Retention;
///
/// let settings = Settings::default()
///     .limits(LimitsOptions::default().members(200))
///     .retention(Retention::default().items(100_000))
///     .grace(Duration::from_secs(20));
/// # let _ = settings;
/// ```
#[derive(Debug)]
pub struct Settings {
    pub(super) limits: LimitsOptions,
    pub(super) retention: Retention,
    pub(super) page: PageSize,
    pub(super) ping: (String, String),
    pub(super) silence: Duration,
    pub(super) sweep: Duration,
    pub(super) grace: Duration,
    pub(super) roster_up_to: usize,
    pub(super) window: Duration,
    pub(super) ephemeral: Option<Vec<String>>,
    pub(super) founder: bool,
    pub(super) review: Option<Review>,
    pub(super) operator_key: Option<String>,
    pub(super) time_to_live: Option<Duration>,
    pub(super) relays: Option<Relays>,
}

/// The longest time of a [review](super::Rules::review), and whether a draft that is not reviewed in time is accepted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Review {
    pub(super) limit: Duration,
    pub(super) accept: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: LimitsOptions::default(),
            retention: Retention::default(),
            page: PageSize::default(),
            ping: ("ping".to_owned(), "pong".to_owned()),
            silence: Duration::from_secs(150),
            sweep: Duration::from_secs(300),
            grace: Duration::from_secs(10),
            roster_up_to: 100,
            window: Duration::from_millis(4),
            ephemeral: None,
            founder: true,
            review: None,
            operator_key: None,
            time_to_live: None,
            relays: None,
        }
    }
}

impl Settings {
    /// Sets how much a member, an address and the room may do. Default: [`LimitsOptions::default`].
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    /// use party::parts::limits::LimitsOptions;
    ///
    /// let settings = Settings::default().limits(LimitsOptions::default().members(50).frame_bytes(8_192));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn limits(self, limits: LimitsOptions) -> Self {
        Self { limits, ..self }
    }

    /// Sets how long entries are kept. Default: forever.
    ///
    /// Old entries are removed by the room's sweep, at most 1,000 items and 1,000 changes at a time.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    /// use party::parts::log::Retention;
    ///
    /// let a_month = Retention::default().age(Duration::from_secs(30 * 24 * 3_600));
    /// let settings = Settings::default().retention(a_month);
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn retention(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// Sets how large a page of the history is. Default: 100 items, about 64 KiB.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    /// use party::parts::log::PageSize;
    ///
    /// let settings = Settings::default().page_size(PageSize { items: 30, bytes: 32 * 1_024 });
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn page_size(self, page: PageSize) -> Self {
        Self { page, ..self }
    }

    /// Sets the text of a heartbeat and the text that answers it. Default: `ping` and `pong`, as `party-client` sends
    /// and expects them. The platform answers without waking the room.
    ///
    /// Each has at most 2,048 characters.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().heartbeat("0x9", "0xA");
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn heartbeat(self, ping: &str, pong: &str) -> Self {
        Self { ping: (ping.to_owned(), pong.to_owned()), ..self }
    }

    /// Sets the time without a heartbeat or a message after which a connection is closed as dead. Default: 150 seconds.
    /// A page in the background pings once a minute, and browsers may delay that by another minute.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().silence(Duration::from_secs(90));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn silence(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// Sets how often a quiet room looks for dead connections and for old entries while somebody is connected: each
    /// time wakes the room. Default: 300 seconds. A busy room looks for dead connections every 30 seconds anyway.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().sweep_every(Duration::from_secs(60));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn sweep_every(self, sweep: Duration) -> Self {
        Self { sweep, ..self }
    }

    /// Sets how long a member whose last connection is gone is still present. Default: 10 seconds.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().grace(Duration::from_secs(30));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Sets the largest number of members for which every client receives the roster. In a larger room it receives the
    /// number of members. Default: 100.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    ///
    /// let only_counts = Settings::default().roster_up_to(0);
    /// # let _ = only_counts;
    /// ```
    #[must_use]
    pub fn roster_up_to(self, members: usize) -> Self {
        Self { roster_up_to: members, ..self }
    }

    /// Sets how long operations are collected under load, so that they cost one transaction and one frame. Default: 4
    /// milliseconds. A quiet room collects nothing.
    ///
    /// A zero window commits every operation on its own.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().batch_window(Duration::from_millis(10));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn batch_window(self, window: Duration) -> Self {
        Self { window, ..self }
    }

    /// Sets which kinds of ephemeral events are sent on. Others are refused. Default: any kind of 1 to 32 bytes.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().ephemeral_kinds(["typing", "cursor"]);
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn ephemeral_kinds<K: Into<String>>(self, kinds: impl IntoIterator<Item = K>) -> Self {
        Self { ephemeral: Some(kinds.into_iter().map(Into::into).collect()), ..self }
    }

    /// Sets whether the first member that proves its identity becomes the founder, and so a moderator. Default: `true`.
    ///
    /// Without a founder, the first moderator is made by the app, with [`Channel::set_role`](super::Channel::set_role),
    /// or by an operator.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().founder(false);
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn founder(self, founder: bool) -> Self {
        Self { founder, ..self }
    }

    /// Sets the name of the worker's secret that is the operator key: a request with it may read, append for any
    /// member, delete, moderate, inspect, export and destroy the room, see
    /// [`Channel::request`](super::Channel::request). The secret has at least 16 bytes; while the worker has none of
    /// this name, nobody is an operator. Default: none.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::Settings;
    /// let settings = Settings::default().operator_key("OPERATOR_KEY");
    /// # let _ = settings;
    /// ```
    ///
    /// ```sh
    /// openssl rand -base64 24 | npx wrangler secret put OPERATOR_KEY
    /// ```
    #[must_use]
    pub fn operator_key(self, secret: &str) -> Self {
        Self { operator_key: Some(secret.to_owned()), ..self }
    }

    /// Sets the time after which a room is destroyed in which nobody was connected and nothing was written: its
    /// history, members and bans, all that is [stored](crate::Room::destroy). The time begins at most one
    /// [sweep](Self::sweep_every) after the last one has left. Default: rooms are kept for ever, except those that were
    /// never used: these are destroyed after 24 hours.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use party::channel::Settings;
    /// let settings = Settings::default().time_to_live(Duration::from_secs(30 * 24 * 3_600));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn time_to_live(self, time: Duration) -> Self {
        Self { time_to_live: Some(time), ..self }
    }

    /// Has appends and edits [reviewed](super::Rules::review) before they are stored. A draft that is not reviewed
    /// within `limit` is accepted. Default: no review.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().review_or_accept(Duration::from_secs(2));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn review_or_accept(self, limit: Duration) -> Self {
        Self { review: Some(Review { limit, accept: true }), ..self }
    }

    /// Has appends and edits reviewed, as [`review_or_accept`](Self::review_or_accept) does. A draft that is not
    /// reviewed in time is refused with the code `unavailable`: its client sends it again by itself.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use party::channel::Settings;
    ///
    /// let settings = Settings::default().review_or_refuse(Duration::from_secs(5));
    /// # let _ = settings;
    /// ```
    #[must_use]
    pub fn review_or_refuse(self, limit: Duration) -> Self {
        Self { review: Some(Review { limit, accept: false }), ..self }
    }

    /// Has the room use many objects when it is too large for one, see [`Relays`].
    ///
    /// By default a room is one object, with at most 32,768 connections; `None` keeps that. With relays it has any
    /// number: the log stays in the room's own object, and its relays have the connections. Nothing else changes for
    /// the app and for clients, except what a large room gives up: clients receive the number of members and no roster,
    /// no [ephemeral events](crate::parts::ephemeral), and what is a member's [own](super::Rules::own) only when it
    /// changes. The app's own code for connections runs in the relays, whose databases are empty:
    /// [`Room::is_relay`](crate::Room::is_relay) tells.
    ///
    /// # Example
    ///
    /// ```
    /// use party::channel::{Relays, Settings};
    ///
    /// let settings = Settings::default().relays(Relays::default());
    /// # let _unused = settings;
    /// ```
    #[must_use]
    pub fn relays(self, relays: impl Into<Option<Relays>>) -> Self {
        Self { relays: relays.into(), ..self }
    }
}

#[cfg(test)]
mod tests;
