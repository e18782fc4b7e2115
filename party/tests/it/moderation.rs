//! Roles, and the actions of moderators.

use std::time::Duration;

use party::parts::identity::Identity;
use party::parts::moderation::{Moderation, Role};
use party::parts::wire::Action;
use party::testing::{TestClient, TestRoom};
use party::{
    Close, Connection, ConnectionContext, Error, ErrorCode, MemberId, Message, Props, Result, Room, Server,
};

use crate::support::{ROOM, member_of};

/// The codes with which an action is refused.
const REFUSED: [ErrorCode; 2] = [ErrorCode::FORBIDDEN, ErrorCode::TOO_LARGE];

/// Everyone is who their id says. Tells what it does when a moderator speaks.
struct Court {
    identity: Identity,
    moderation: Moderation,
}

impl Server for Court {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { identity: Identity::open(room)?, moderation: Moderation::open(room)? })
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        let member = &member_of(who)?;
        self.identity.recognise(who, context, member)?;
        let address = Identity::address(who)?;
        let kept_out = self.moderation.keeps_out(member, address.as_deref())?;
        who.send_json(&(kept_out, self.moderation.claim_founder(member)?))
    }

    async fn on_close(&self, _room: &Room, who: &Connection, _close: Close) -> Result<()> {
        self.moderation.left(who)
    }

    async fn on_message(&self, room: &Room, from: &Connection, message: Message) -> Result<()> {
        let (action, member, seconds): (Option<Action>, MemberId, Option<u64>) = message.read_json()?;
        let done = match action {
            Some(Action::Mute) if member == "undone" => {
                let undone: Result<()> = room.sql().transaction(|| {
                    self.moderation.set_role(&member, Role::Moderator)?;
                    Err(Error::other("no"))
                });
                undone.is_err()
            }
            Some(Action::Dismiss) if member == "resign" => {
                self.moderation.set_role(&member_of(from)?, Role::Member).is_ok()
            }
            Some(action) => match self.moderation.act(
                &member_of(from)?,
                action,
                &member,
                seconds.map(Duration::from_secs),
            ) {
                Err(error) if !REFUSED.contains(&error.code()) => return Err(error),
                done => done.is_ok(),
            },
            None => true,
        };
        let standing = self.moderation.standing(&member)?;
        let now = room.now();
        from.send_json(&(done, standing.role, standing.is_muted(now), standing.is_banned(now)))
    }
}

type Told = (bool, Role, bool, bool);

fn act(client: &TestClient, action: impl Into<Option<Action>>, member: &str, seconds: Option<u64>) -> Told {
    client.send_json(&(action.into(), member, seconds));
    client.receive_json()
}

/// Returns whether somebody is kept out, and whether they are the founder.
fn enter(room: &TestRoom<Court>, id: &str) -> (TestClient, (bool, bool)) {
    let client = room.connect(id);
    let told = client.receive_json();
    (client, told)
}

#[test]
fn the_first_member_of_a_fresh_room_is_its_moderator() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, first) = enter(&room, "ada");
    room.crash();
    assert_eq!((first, enter(&room, "eve").1), ((false, true), (false, false)));
    let (ada, _) = (enter(&room, "ada").0, ada);
    assert_eq!(act(&ada, None, "ada", None).1, Role::Moderator);
    assert_eq!(act(&ada, None, "eve", None).1, Role::Member);
}

#[test]
fn only_a_moderator_acts_and_not_on_itself() {
    let room = TestRoom::<Court>::new(ROOM);
    let ((ada, _), (eve, _)) = (enter(&room, "ada"), enter(&room, "eve"));
    for action in [Action::Kick, Action::Ban, Action::Mute, Action::Appoint, Action::Dismiss] {
        assert!(!act(&eve, action, "ada", None).0, "{action:?}");
        assert!(!act(&ada, action, "ada", None).0, "{action:?}");
    }
    assert!(ada.is_open());
}

#[test]
fn a_mute_and_a_ban_hold_until_their_time_is_over_or_for_good_also_over_crashes() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    assert_eq!(act(&ada, Action::Mute, "eve", Some(60)), (true, Role::Member, true, false));
    assert_eq!(act(&ada, Action::Ban, "eve", None), (true, Role::Member, true, true));
    room.crash();
    let (ada, _) = enter(&room, "ada");
    assert_eq!(enter(&room, "eve").1, (true, false));
    room.advance(Duration::from_secs(60));
    assert_eq!(act(&ada, None, "eve", None), (true, Role::Member, false, true));
    room.advance(Duration::from_secs(1_000_000_000));
    assert!(act(&ada, None, "eve", None).3);
    assert!(!act(&ada, Action::Unban, "eve", None).3);
    assert_eq!(enter(&room, "eve").1, (false, false));
    act(&ada, Action::Mute, "eve", Some(u64::MAX));
    assert!(!act(&ada, Action::Unmute, "eve", None).2);
}

#[test]
fn all_connections_of_a_kicked_or_banned_member_are_closed() {
    let room = TestRoom::<Court>::new(ROOM);
    let ((ada, _), (eve, _), (bob, _)) = (enter(&room, "ada"), enter(&room, "eve"), enter(&room, "bob"));
    room.evict();
    act(&ada, Action::Kick, "eve", None);
    assert_eq!(eve.closed().unwrap().code, 4403);
    let (eve, told) = enter(&room, "eve");
    assert_eq!(told, (false, false));
    act(&ada, Action::Ban, "eve", Some(60));
    assert_eq!(eve.closed().unwrap().code, 4403);
    assert!(bob.is_open());
}

#[test]
fn a_ban_keeps_out_whoever_comes_from_the_same_address_and_nobody_else() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    let from = |id: &str, address: &str| {
        let client = room.connecting(id).header("cf-connecting-ip", address).connect();
        client.receive_json::<(bool, bool)>().0
    };
    assert!(!from("eve", "192.0.2.7"));
    let eve = room.connecting("eve").header("cf-connecting-ip", "192.0.2.7").connect();
    act(&ada, Action::Ban, "eve", Some(60));
    drop(eve);
    room.evict();
    assert!(from("mallory", "192.0.2.7"));
    assert!(!from("bob", "192.0.2.8"));
    assert!(!from("ada", "192.0.2.7"));
    assert!(!enter(&room, "cy").1.0);
    room.advance(Duration::from_secs(61));
    assert!(!from("mallory", "192.0.2.7"));
}

#[test]
fn a_moderator_appoints_and_dismisses_others() {
    let room = TestRoom::<Court>::new(ROOM);
    let ((ada, _), (eve, _)) = (enter(&room, "ada"), enter(&room, "eve"));
    assert_eq!(act(&ada, Action::Appoint, "eve", None).1, Role::Moderator);
    assert!(act(&eve, Action::Mute, "bob", None).0);
    assert_eq!(act(&ada, Action::Dismiss, "eve", None).1, Role::Member);
    assert!(!act(&eve, Action::Mute, "bob", None).0);
}

#[test]
fn a_rolled_back_standing_is_rolled_back_in_memory_too() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    assert_eq!(act(&ada, Action::Mute, "undone", None), (true, Role::Member, false, false));
}

fn rows(room: &TestRoom<Court>) -> usize {
    room.sql().rows("SELECT 1 FROM party_standings", ()).unwrap().len()
}

#[test]
fn a_standing_that_is_taken_back_or_over_leaves_nothing_behind() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    for (action, back) in
        [(Action::Mute, Action::Unmute), (Action::Ban, Action::Unban), (Action::Appoint, Action::Dismiss)]
    {
        act(&ada, action, "eve", None);
        assert_eq!(rows(&room), 2, "{action:?}");
        act(&ada, back, "eve", None);
        assert_eq!(rows(&room), 1, "{back:?}");
    }
    act(&ada, Action::Mute, "eve", Some(60));
    act(&ada, Action::Ban, "eve", Some(120));
    room.advance(Duration::from_secs(61));
    act(&ada, Action::Mute, "bob", Some(60));
    assert_eq!(rows(&room), 3);
    room.advance(Duration::from_secs(60));
    act(&ada, Action::Mute, "cy", Some(60));
    assert_eq!(rows(&room), 2);
    room.advance(Duration::from_secs(61));
    room.evict();
    assert_eq!(act(&ada, None, "cy", None), (true, Role::Member, false, false));
    assert_eq!(rows(&room), 1);
}

#[test]
fn a_room_whose_moderators_are_all_gone_was_founded_all_the_same() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    ada.send_json(&(Some(Action::Dismiss), "resign", None::<u64>));
    assert_eq!(ada.receive_json::<Told>().1, Role::Member);
    assert_eq!((rows(&room), enter(&room, "eve").1.1), (0, false));
    room.crash();
    assert!(!enter(&room, "bob").1.1);
}

#[test]
fn moderators_make_ten_thousand_standings_and_no_more() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    let fill = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 9999)
                INSERT INTO party_standings (member, role, muted_until) SELECT 'm' || n, 'member', ? FROM numbers";
    let until = room.now() + Duration::from_secs(60);
    room.sql().execute(fill, (until,)).unwrap();
    room.evict();
    for action in [Action::Mute, Action::Ban, Action::Appoint] {
        assert_eq!(act(&ada, action, "eve", None), (false, Role::Member, false, false), "{action:?}");
    }
    assert!(act(&ada, Action::Ban, "m1", None).0);
    assert!(act(&ada, Action::Unmute, "m2", None).0);
    assert!(act(&ada, Action::Mute, "eve", None).0);
    assert!(!act(&ada, Action::Mute, "bob", None).0);
    room.advance(Duration::from_secs(61));
    assert!(act(&ada, Action::Mute, "bob", None).0);
    assert_eq!(rows(&room), 4);
}

#[test]
fn a_member_banned_again_while_away_stays_banned_from_its_address() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    let from = |id: &str| room.connecting(id).header("cf-connecting-ip", "192.0.2.7").connect();
    let eve = from("eve");
    act(&ada, Action::Ban, "eve", Some(60));
    eve.vanish();
    act(&ada, Action::Ban, "eve", Some(600));
    room.advance(Duration::from_secs(61));
    assert!(from("mallory").receive_json::<(bool, bool)>().0);
}

#[test]
fn a_ban_ends_at_its_last_moment() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    act(&ada, Action::Ban, "eve", Some(60));
    room.advance(Duration::from_millis(59_999));
    assert!(act(&ada, None, "eve", None).3);
    room.advance(Duration::from_millis(1));
    assert!(!act(&ada, None, "eve", None).3);
}

#[test]
fn a_muted_member_is_kept_out_from_the_address_of_a_banned_one() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    let from = |id: &str| room.connecting(id).header("cf-connecting-ip", "192.0.2.7").connect();
    let _eve = from("eve");
    act(&ada, Action::Mute, "bob", Some(60));
    act(&ada, Action::Ban, "eve", Some(60));
    assert!(from("bob").receive_json::<(bool, bool)>().0);
}

#[test]
fn a_ban_of_a_member_that_left_before_others_blocks_its_address() {
    let room = TestRoom::<Court>::new(ROOM);
    let (ada, _) = enter(&room, "ada");
    let from = |id: &str, address: &str| room.connecting(id).header("cf-connecting-ip", address).connect();
    from("eve", "192.0.2.7").vanish();
    from("bob", "192.0.2.8").vanish();
    act(&ada, Action::Ban, "eve", Some(60));
    let kept_out = |id: &str, address: &str| from(id, address).receive_json::<(bool, bool)>().0;
    assert!(kept_out("mallory", "192.0.2.7"));
    assert!(!kept_out("cy", "192.0.2.8"));
}

#[test]
fn a_ban_closes_those_who_came_from_the_same_address_but_for_moderators() {
    let room = TestRoom::<Court>::new(ROOM);
    let from = |id: &str, address: &str| room.connecting(id).header("cf-connecting-ip", address).connect();
    let (ada, eve, twin) = (from("ada", "192.0.2.7"), from("eve", "192.0.2.7"), from("twin", "192.0.2.7"));
    let (bob, cy) = (from("bob", "192.0.2.8"), room.connect("cy"));
    ada.receive();
    act(&ada, Action::Ban, "eve", Some(60));
    let reasons =
        [(&eve, "A moderator banned you"), (&twin, "A moderator banned somebody who came from your address")];
    for (gone, reason) in reasons {
        let close = gone.closed().unwrap();
        assert_eq!((close.code, close.reason.as_str()), (4403, reason));
    }
    act(&ada, Action::Ban, "cy", Some(60));
    assert!(!cy.is_open() && ada.is_open() && bob.is_open());
}

#[test]
fn an_appointed_moderator_cannot_act_on_the_founder() {
    let room = TestRoom::<Court>::new(ROOM);
    let ((ada, _), (eve, _), (bob, _)) = (enter(&room, "ada"), enter(&room, "eve"), enter(&room, "bob"));
    act(&ada, Action::Appoint, "eve", None);
    act(&ada, Action::Appoint, "bob", None);
    room.evict();
    for action in [Action::Kick, Action::Ban, Action::Mute, Action::Dismiss] {
        assert_eq!(act(&eve, action, "ada", None), (false, Role::Moderator, false, false), "{action:?}");
    }
    assert!(act(&bob, Action::Dismiss, "eve", None).0);
    assert!(act(&ada, Action::Dismiss, "bob", None).0);
    assert!(ada.is_open());
}
