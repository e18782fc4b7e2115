//! Presence: the roster, its changes, grace, large rooms.

use std::time::Duration;

use party::parts::jobs::Jobs;
use party::parts::presence::{Presence, PresenceOptions};
use party::parts::wire::{Roster, ServerFrame};
use party::testing::{TestClient, TestRoom};
use party::{
    Close, Connection, ConnectionContext, ErrorCode, ErrorFrame, MemberId, Message, Props, Result, Room,
    Server,
};

use crate::support::ROOM;

/// Everyone is who the part of their id before the colon says, and shows what they send.
struct Lobby {
    jobs: Jobs,
    presence: Presence,
}

fn member(who: &Connection) -> Result<MemberId> {
    MemberId::new(who.id().as_str().split(':').next().unwrap_or_default())
}

impl Server for Lobby {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        let jobs = Jobs::open(room)?;
        let presence = Presence::open(
            room,
            &jobs,
            PresenceOptions::default().grace(Duration::from_secs(5)).roster_up_to(10),
        )?;
        Ok(Self { jobs, presence })
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, _context: &ConnectionContext) -> Result<()> {
        self.presence.join(who, &member(who)?, "new")?;
        let roster: ServerFrame = ServerFrame::Presence(self.presence.roster()?);
        who.send_json(&roster)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let text = message.as_text().unwrap_or_default();
        match text.split_once(' ') {
            Some(("remove", other)) => self.presence.remove(&MemberId::new(other)?),
            Some(("lost", other)) => match room.connection(other) {
                Some(other) => self.presence.lost(&other),
                None => Ok(()),
            },
            _ => self.presence.join(from, &member(from)?, text),
        }
    }

    async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
        self.presence.leave(who)
    }

    async fn on_alarm(&self, _room: &Room) -> Result<()> {
        self.jobs.run(async |job| self.presence.handle(job).map(drop)).await
    }
}

fn rosters(client: &TestClient) -> Vec<Roster<String>> {
    let frames = client.received();
    let roster = |message: &Message| match message.read_json().unwrap() {
        ServerFrame::<String, String>::Presence(roster) => roster,
        other => panic!("expected a roster, got {other:?}"),
    };
    frames.iter().map(roster).collect()
}

/// Returns what was received, in short: `+ada(new)`, `-ada`, `=3` for a roster of three, `#3` for a count alone.
fn told(client: &TestClient) -> Vec<String> {
    let short = |roster: Roster<String>| {
        let joined =
            roster.join.iter().flatten().map(|member| format!("+{}({})", member.member, member.data));
        let left = roster.leave.iter().flatten().map(|member| format!("-{member}"));
        let all = roster.members.as_ref().map(|all| format!("={}", all.len()));
        let changes: Vec<String> = joined.chain(left).chain(all).collect();
        if changes.is_empty() { format!("#{}", roster.count) } else { changes.join(" ") }
    };
    rosters(client).into_iter().map(short).collect()
}

fn room() -> TestRoom<Lobby> {
    TestRoom::new(ROOM)
}

fn pass(room: &TestRoom<Lobby>, seconds: u64) {
    room.advance(Duration::from_secs(seconds));
}

#[test]
fn a_new_member_receives_the_roster_and_the_others_receive_the_new_member() {
    let room = room();
    let ada = room.connect("ada");
    told(&ada);
    let bob = room.connect("bob");
    assert_eq!(told(&ada), ["+bob(new)"]);
    let last = rosters(&bob).pop().unwrap();
    let names: Vec<String> = last.members.unwrap().into_iter().map(|member| member.member).collect();
    assert_eq!((last.count, names), (2, vec!["ada".to_owned(), "bob".to_owned()]));
}

#[test]
fn a_leave_is_sent_after_the_grace_period() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    bob.close(1000, "");
    pass(&room, 4);
    assert!(told(&ada).is_empty());
    pass(&room, 1);
    assert_eq!(told(&ada), ["-bob"]);
    assert_eq!(rosters(&room.connect("cy")).pop().unwrap().count, 2);
}

#[test]
fn a_reconnect_within_the_grace_is_no_leaving_and_coming() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    bob.vanish();
    pass(&room, 4);
    let _bob = room.connect("bob");
    pass(&room, 60);
    assert!(told(&ada).is_empty());
}

#[test]
fn several_devices_of_one_are_one_and_only_the_last_that_goes_counts() {
    let room = room();
    let (ada, phone) = (room.connect("ada"), room.connect("bob:phone"));
    told(&ada);
    let laptop = room.connect("bob:laptop");
    phone.close(1000, "");
    pass(&room, 60);
    assert!(told(&ada).is_empty());
    laptop.close(1000, "");
    pass(&room, 5);
    assert_eq!(told(&ada), ["-bob"]);
}

#[test]
fn a_newer_connection_that_takes_over_is_no_change() {
    let room = room();
    let (ada, _bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    let _newer = room.connect("bob");
    pass(&room, 60);
    assert!(told(&ada).is_empty());
}

#[test]
fn presence_data_is_sent_only_when_it_changes() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    bob.send("busy");
    bob.send("busy");
    assert_eq!(told(&ada), ["+bob(busy)"]);
    bob.received();
    bob.send("x".repeat(1_100));
    assert!(told(&ada).is_empty());
    let error: ErrorFrame = bob.receive_json();
    assert_eq!(error.code, ErrorCode::TOO_LARGE);
    assert!(error.message.contains("1102 bytes"), "{error:?}");
    assert_eq!(room.errors(), Vec::<String>::new(), "a client's mistake is not the room's error");
}

#[test]
fn the_roster_survives_a_sleep_and_so_does_a_leaving_that_is_under_way() {
    let room = room();
    let (ada, bob, cy) = (room.connect("ada"), room.connect("bob"), room.connect("cy"));
    bob.send("busy");
    told(&ada);
    room.evict();
    // The close itself wakes the room, which then finds no such connection any more.
    cy.vanish();
    room.evict();
    pass(&room, 5);
    assert_eq!(told(&ada), ["-cy"]);
    room.evict();
    let roster = rosters(&room.connect("dan")).pop().unwrap().members.unwrap();
    let shown: Vec<(String, String)> =
        roster.into_iter().map(|member| (member.member, member.data)).collect();
    let expected = [("ada", "new"), ("bob", "busy"), ("dan", "new")];
    assert_eq!(shown, expected.map(|(member, data)| (member.to_owned(), data.to_owned())));
    assert_eq!(told(&ada), ["+dan(new)"]);
}

#[test]
fn a_presence_change_that_wakes_the_room_is_sent_like_any_other() {
    let room = room();
    let (ada, bob, cy) = (room.connect("ada"), room.connect("bob"), room.connect("cy"));
    told(&ada);
    room.evict();
    bob.send("busy");
    assert_eq!(told(&ada), ["+bob(busy)"]);
    room.evict();
    ada.send("remove bob");
    assert_eq!(told(&ada), ["-bob"]);
    room.evict();
    let _dan = room.connect("dan");
    assert_eq!(told(&ada), ["+dan(new)"]);
    room.evict();
    cy.vanish();
    pass(&room, 5);
    assert_eq!(told(&ada), ["-cy"]);
}

#[test]
fn a_member_that_returns_within_its_grace_after_a_sleep_never_left() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    bob.vanish();
    room.evict();
    let _bob = room.connect("bob");
    room.evict();
    pass(&room, 60);
    assert!(told(&ada).is_empty());
}

#[test]
fn a_member_that_leaves_twice_has_the_full_grace_period_each_time_also_after_a_sleep() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    bob.vanish();
    pass(&room, 1);
    let bob = room.connect("bob");
    room.evict();
    pass(&room, 3);
    bob.vanish();
    pass(&room, 4);
    assert!(told(&ada).is_empty());
    pass(&room, 1);
    assert_eq!(told(&ada), ["-bob"]);
}

#[test]
fn after_a_crash_nobody_is_here_who_does_not_come_back() {
    let room = room();
    let _all = [room.connect("ada"), room.connect("bob")];
    room.crash();
    let ada = room.connect("ada");
    assert_eq!(rosters(&ada).pop().unwrap().count, 1);
}

#[test]
fn a_removed_member_leaves_at_once_and_rejoins_as_new() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    ada.send("remove bob");
    assert_eq!(told(&ada), ["-bob"]);
    bob.close(1000, "");
    pass(&room, 60);
    assert!(told(&ada).is_empty());
    let _bob = room.connect("bob");
    assert_eq!(told(&ada), ["+bob(new)"]);
}

#[test]
fn a_connection_that_is_taken_for_dead_counts_no_more_and_its_late_close_changes_nothing() {
    let room = room();
    let (ada, bob) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    ada.send("lost bob");
    pass(&room, 5);
    assert_eq!(told(&ada), ["-bob"]);
    bob.vanish();
    pass(&room, 60);
    assert!(told(&ada).is_empty());
    assert_eq!(rosters(&room.connect("cy")).pop().unwrap().count, 2);
}

#[test]
fn a_dead_line_that_was_taken_over_counts_no_more_when_the_newer_one_closes() {
    let room = room();
    let (ada, dead) = (room.connect("ada"), room.connect("bob"));
    told(&ada);
    dead.fall_silent();
    let newer = room.connect("bob");
    newer.close(1000, "");
    pass(&room, 4);
    assert!(told(&ada).is_empty());
    pass(&room, 1);
    assert_eq!(told(&ada), ["-bob"]);
    assert_eq!(rosters(&room.connect("cy")).pop().unwrap().count, 2);
}

#[test]
fn a_large_room_is_told_only_how_many_are_here_once_a_second() {
    let room = room();
    let ada = room.connect("ada");
    let mut others: Vec<TestClient> = (0..9).map(|n| room.connect(&format!("guest{n}"))).collect();
    told(&ada);
    others.push(room.connect("one too many"));
    assert_eq!(told(&ada), ["#11"]);
    (0..20).for_each(|n| others.push(room.connect(&format!("more{n}"))));
    assert!(told(&ada).is_empty());
    pass(&room, 1);
    assert_eq!(told(&ada), ["#31"]);
    room.evict();
    let late = room.connect("late");
    assert_eq!(told(&late), ["#32"]);
}

#[test]
fn a_room_gives_rosters_again_only_when_it_is_well_below() {
    let room = room();
    let ada = room.connect("ada");
    let mut others: Vec<TestClient> = (0..10).map(|n| room.connect(&format!("guest{n}"))).collect();
    told(&ada);
    let leave = |others: &mut Vec<TestClient>, count: usize| {
        others.drain(..count).for_each(|other| other.close(1000, ""));
        room.evict();
        pass(&room, 10);
    };
    leave(&mut others, 2);
    assert_eq!(told(&ada), ["#9"]);
    leave(&mut others, 1);
    assert_eq!(told(&ada), ["=8"]);
    leave(&mut others, 1);
    assert_eq!(told(&ada), ["-guest3"]);
}

#[test]
fn a_room_that_has_become_small_is_not_told_a_number_in_place_of_its_roster() {
    let room = room();
    let ada = room.connect("ada");
    let _others: Vec<TestClient> = (0..11).map(|n| room.connect(&format!("guest{n}"))).collect();
    assert_eq!(told(&ada).last().unwrap(), "#11");
    (0..4).for_each(|n| ada.send(format!("remove guest{n}")));
    assert_eq!(told(&ada), ["=8"]);
    pass(&room, 2);
    assert!(told(&ada).is_empty());
}

#[test]
fn a_thousand_members_cost_a_newcomer_one_small_frame_each() {
    let room = room();
    let members: Vec<TestClient> = (0..1_000).map(|n| room.connect(&format!("member{n}"))).collect();
    pass(&room, 1);
    members.iter().for_each(|member| drop(member.received()));
    let _new = room.connect("new");
    pass(&room, 1);
    for member in &members {
        let frames = member.received();
        assert!(frames.len() == 1 && frames[0].len() < 40, "{frames:?}");
    }
}
