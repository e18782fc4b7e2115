//! A relay of a large room: an object that owns connections, and has the end of the log in memory.
//!
//! It appends nothing: what its clients write goes to the hub. It keeps nothing in its database.

mod members;
mod news;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use super::calls::{Follow, FromHub, Report, ToHub};
use super::flight::Flights;
use super::lane::Lane;
use super::line::ask;
use super::mirror::{Mirror, Resume};
use crate::channel::BATCHED;
use crate::error::{Error, ErrorKind, Result};
use crate::message::Frame;
use crate::name::place::relay_of;
use crate::parts::identity::Identity;
use crate::parts::log::{Caught, Position};
use crate::parts::moderation::Moderation;
use crate::parts::wire::{Entries, Entry, Json, ServerFrame};
use crate::sorted::Sorted;
use crate::{Connection, MemberId, Room, Timestamp};

/// How soon the hub hears of members that have come or gone.
const COUNT_EVERY: Duration = Duration::from_millis(700);

/// For how long everyone is let in after the hub has said so.
const OPEN_FOR: Duration = Duration::from_secs(10);

/// How often the hub is asked again whose answer was overtaken by what it has told.
const FOLLOWS: usize = 4;

/// How many entries a kept page may be old, which are sent after it.
const PAGE_BEHIND: u64 = 100;

/// How many connections are moved at once, and how soon the next ones.
const MOVED_AT_ONCE: usize = 50;
const MOVE_EVERY: Duration = Duration::from_millis(100);

/// The part of a connection's data that has the key by which its client has found this relay.
const KEY: &str = "channel.key";

const GROWN: &str = "The room has other relays now";
const CLEARED: &str = "The history has changed";

pub(in crate::channel) struct Relay {
    pub(super) room: Room,
    identity: Identity,
    moderation: Moderation,
    /// Which of the room's relays it is.
    number: u32,
    mirror: RefCell<Option<Mirror>>,
    /// The newest page of items that was read.
    newest: RefCell<Option<Rc<Caught>>>,
    hub: RefCell<Known>,
    shared: RefCell<Option<Json>>,
    follows: Flights<(), ()>,
    pages: Flights<Option<Position>, Rc<Caught>>,
    members: RefCell<Option<Sorted<MemberId, usize>>>,
    /// The last report, and the number of the first one that said the same.
    reported: Cell<(Report, u64)>,
    /// The last report that the hub has heard.
    heard: Cell<u64>,
    is_reporting: Cell<bool>,
    is_moving: Cell<bool>,
    is_catching_up: Cell<bool>,
    /// When the hub has said that everyone is let in.
    opened_at: Cell<Option<Timestamp>>,
    pub(super) lane: Lane,
}

/// What a relay knows of the hub.
#[derive(Default)]
struct Known {
    /// The activation of the hub, the number of its last news, and the first change of it that was not heard of.
    id: Option<u64>,
    number: u64,
    change: u64,
    /// The state that is known, by the number of its changes.
    version: Option<u64>,
    members: usize,
    /// The number of relays, once it is known.
    relays: Option<u32>,
}

impl Relay {
    pub(super) fn new(room: &Room, number: u32, identity: &Identity, moderation: &Moderation) -> Rc<Self> {
        moderation.follow();
        Rc::new(Self {
            room: room.clone(),
            identity: identity.clone(),
            moderation: moderation.clone(),
            number,
            mirror: RefCell::default(),
            newest: RefCell::default(),
            hub: RefCell::default(),
            shared: RefCell::default(),
            follows: Flights::default(),
            pages: Flights::default(),
            members: RefCell::default(),
            reported: Cell::default(),
            heard: Cell::default(),
            is_reporting: Cell::default(),
            is_moving: Cell::default(),
            is_catching_up: Cell::default(),
            opened_at: Cell::default(),
            lane: Lane::default(),
        })
    }

    /// Asks the hub.
    pub(super) async fn ask(&self, question: &ToHub) -> Result<FromHub> {
        ask(&self.room, self.room.name().as_str(), question).await
    }

    /// Returns how far this relay is.
    pub(super) fn stand(&self) -> Result<Follow> {
        let report = self.report()?;
        let hub = self.hub.borrow();
        Ok(Follow {
            relay: self.number,
            report,
            change: hub.change,
            have: self.mirror.borrow().as_ref().map(Mirror::end),
            version: hub.version,
        })
    }

    /// Asks the hub what is new, and for the state if it is not known.
    pub(super) async fn follow(self: &Rc<Self>) -> Result<()> {
        self.follows.share((), async || self.ask_what_is_new().await).await
    }

    async fn ask_what_is_new(self: &Rc<Self>) -> Result<()> {
        for _ in 0..FOLLOWS {
            let FromHub::News(news) = self.ask(&ToHub::Follow(self.stand()?)).await? else {
                return Err(Error::new(ErrorKind::Platform, "the hub answers something else"));
            };
            // Later news may have been quicker, which do not say all.
            if self.apply(*news)? {
                return Ok(());
            }
        }
        Err(Error::new(ErrorKind::Platform, "the hub's answers are all overtaken"))
    }

    /// Makes sure that members can join: the state is known, and so is the end of the log, from the hub's own answer
    /// and not only from what it has told. What it has told may be old.
    pub(super) async fn ready(self: &Rc<Self>) -> Result<()> {
        let is_ready = self.hub.borrow().version.is_some() && self.mirror.borrow().is_some();
        if is_ready { Ok(()) } else { self.follow().await }
    }

    /// Returns the number of relays.
    pub(super) fn relays(&self) -> u32 {
        self.hub.borrow().relays.unwrap_or(self.number.saturating_add(1))
    }

    /// Returns whether the clients with a key belong to this relay.
    pub(super) fn has(&self, key: &str) -> bool {
        self.is_needed() && relay_of(key, self.relays()) == self.number
    }

    /// Keeps by which key a client has found this relay, unless that is its member.
    pub(super) fn set_key(connection: &Connection, key: String, member: &MemberId) -> Result<()> {
        if *member == key { Ok(()) } else { connection.set_share(KEY, key) }
    }

    /// Returns whether a client would find another relay now.
    fn is_stray(&self, connection: &Connection) -> Result<bool> {
        if let Some(key) = connection.share::<String>(KEY)? {
            return Ok(!self.has(&key));
        }
        Ok(Identity::member(connection)?.is_some_and(|member| !self.has(&member)))
    }

    /// Returns whether the room needs this relay.
    pub(super) fn is_needed(&self) -> bool {
        self.relays() > self.number
    }

    /// Returns the number of members of the whole room.
    pub(super) fn members(&self) -> usize {
        self.hub.borrow().members
    }

    pub(super) fn shared(&self) -> Option<Json> {
        self.shared.borrow().clone()
    }

    /// Returns the version of the state that is known.
    pub(super) fn version(&self) -> Option<u64> {
        self.hub.borrow().version
    }

    pub(super) fn is_open(&self) -> bool {
        self.opened_at.get().is_some_and(|at| !self.room.now().has_passed(at, OPEN_FOR))
    }

    /// Notes that everyone is let in for now.
    pub(super) fn opens(&self) {
        self.opened_at.set(Some(self.room.now()));
    }

    /// Returns what brings a client up to date.
    pub(super) async fn catch_up(self: &Rc<Self>, from: Option<Position>) -> Result<Caught> {
        self.ready().await?;
        let mut is_ahead = false;
        for _ in 0..4 {
            let resume = match (&*self.mirror.borrow(), &from) {
                (Some(mirror), Some(from)) => mirror.resume(from),
                _ => Resume::Elsewhere,
            };
            match resume {
                Resume::Entries(entries) => return self.caught(&entries),
                // Another relay may have been quicker, or the log was put back to an earlier moment.
                Resume::Ahead if !is_ahead => {
                    is_ahead = true;
                    self.follow().await?;
                }
                Resume::Ahead | Resume::Elsewhere => {
                    if from.is_none()
                        && let Some(page) = self.newest.borrow().as_ref().filter(|page| self.continues(page))
                    {
                        return Ok(Caught::clone(page));
                    }
                    let page = self.page(from.clone()).await?;
                    if !self.continues(&page) {
                        // The relay's other clients lack entries of the page, or it is of another log.
                        self.follow().await?;
                    }
                    if self.continues(&page) {
                        return Ok(Caught::clone(&page));
                    }
                }
            }
        }
        Err(Error::new(ErrorKind::Platform, "the hub is too far ahead"))
    }

    fn caught(&self, entries: &[Entry]) -> Result<Caught> {
        let mirror = self.mirror.borrow();
        let gone = || Error::new(ErrorKind::Other, "the relay has no log");
        let position = mirror.as_ref().ok_or_else(gone)?.end();
        Ok(Caught {
            epoch: position.epoch.clone(),
            head: position.seq,
            position,
            recovered: true,
            entries: Entries::of(entries)?,
            older: false,
        })
    }

    /// Returns whether all entries of a page are known, and those after it, and that these are not too many. An entry
    /// of the page that is not known would be sent once more when it is.
    fn continues(&self, page: &Caught) -> bool {
        let mirror = self.mirror.borrow();
        let Some(mirror) = &*mirror else { return false };
        let end = mirror.end();
        end.epoch == page.epoch
            && end.seq.checked_sub(page.head).is_some_and(|behind| behind <= PAGE_BEHIND)
            && mirror.after(page.head).is_some()
    }

    async fn page(&self, from: Option<Position>) -> Result<Rc<Caught>> {
        let is_newest = from.is_none();
        let ask = async || match self.ask(&ToHub::CatchUp(from.clone())).await? {
            FromHub::Caught(caught) => Ok(Rc::new(caught)),
            _ => Err(Error::new(ErrorKind::Platform, "the hub answers something else")),
        };
        let page = self.pages.share(from.clone(), ask).await?;
        if is_newest {
            self.newest.replace(Some(Rc::clone(&page)));
        }
        Ok(page)
    }

    /// Sends a client the entries that came since what brought it up to date was read.
    pub(super) fn send_since(&self, connection: &Connection, head: u64) {
        let entries = self.mirror.borrow().as_ref().and_then(|mirror| mirror.after(head)).unwrap_or_default();
        let frames: Vec<ServerFrame> = entries.into_iter().map(ServerFrame::Entry).collect();
        match Frame::json(&frames) {
            Ok(all) if frames.len() > 1 && connection.has_tag(BATCHED) => connection.send(all),
            _ => frames.iter().for_each(|frame| connection.send(Frame::from(frame))),
        }
    }
}
