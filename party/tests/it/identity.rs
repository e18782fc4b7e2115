//! Identity: secrets, guests, addresses.

use party::parts::identity::Identity;
use party::testing::{Connecting, TestRoom};
use party::{Connection, ConnectionContext, MemberId, Message, Props, Result, Room, Server};

use crate::support::ROOM;

/// Tells each client who it is, by secret, or as a guest if it asks to be one.
struct Doorman {
    identity: Identity,
}

impl Server for Doorman {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { identity: Identity::open(room)? })
    }

    async fn on_connect(&self, _room: &Room, who: &Connection, context: &ConnectionContext) -> Result<()> {
        let admission = match context.query("as").as_deref() {
            Some("guest") => self.identity.admit_guest(who, context)?,
            Some(member) => {
                self.identity.recognise(who, context, &MemberId::new(member)?)?;
                return Ok(());
            }
            None => self.identity.admit(who, context)?,
        };
        who.send_json(&(admission.member, admission.secret))
    }

    async fn on_message(&self, _room: &Room, from: &Connection, message: Message) -> Result<()> {
        if message.as_text() == Some("forget me") {
            self.identity.forget(from)?;
        }
        from.send_json(&(Identity::member(from)?, Identity::address(from)?))
    }
}

/// Returns the member that a client is sent, and its secret if it gets one.
fn admitted(connecting: Connecting) -> (String, Option<String>) {
    connecting.connect().receive_json()
}

fn room() -> TestRoom<Doorman> {
    TestRoom::new(ROOM)
}

#[test]
fn a_client_with_its_secret_is_the_same_member_over_reconnects_crashes_and_devices() {
    let room = room();
    let (ada, secret) = admitted(room.connecting("1"));
    let secret = secret.unwrap();
    room.crash();
    assert_eq!(admitted(room.connecting("1").bearer(&secret)), (ada.clone(), None));
    assert_eq!(admitted(room.connecting("2").bearer(&secret)), (ada, None));
}

#[test]
fn a_client_without_a_secret_is_a_new_member_whatever_its_connection_id() {
    let room = room();
    let (first, _) = admitted(room.connecting("1"));
    let (second, _) = admitted(room.connecting("1"));
    assert_ne!(first, second);
}

#[test]
fn a_secret_of_another_room_or_a_forged_one_makes_a_new_member() {
    let (_, foreign) = admitted(TestRoom::<Doorman>::with_seed("other", 7).connecting("1"));
    let room = room();
    let (ada, secret) = admitted(room.connecting("1"));
    let (_, seal) = secret.as_deref().unwrap().rsplit_once('.').unwrap();
    for forged in
        [foreign.unwrap(), format!("mEve.{seal}"), ada.clone(), format!("{ada}."), "x".repeat(9_999)]
    {
        let (member, fresh) = admitted(room.connecting("2").bearer(&forged));
        assert_ne!(member, ada);
        assert!(fresh.is_some(), "{forged}");
    }
}

#[test]
fn a_guest_is_the_member_of_its_connections_id_and_does_not_tell_it() {
    let room = room();
    let guest = |id: &str| admitted(room.connecting(id).query("as", "guest")).0;
    let first = guest("a secret id");
    assert!(!first.contains("secret"));
    assert_eq!(guest("a secret id"), first);
    assert_ne!(guest("another id"), first);
}

#[test]
fn the_member_of_a_connection_survives_a_sleep_and_can_be_unbound() {
    let room = room();
    let client = room.connecting("1").header("cf-connecting-ip", "192.0.2.1").connect();
    let (member, _): (String, Option<String>) = client.receive_json();
    room.evict();
    client.send("who am I?");
    let (known, address): (Option<String>, Option<String>) = client.receive_json();
    assert_eq!(known, Some(member));
    assert!(address.is_some_and(|address| address.len() == 16 && !address.contains("192")));
    client.send("forget me");
    assert_eq!(client.receive_json::<(Option<String>, Option<String>)>(), (None, None));
}

#[test]
fn a_member_that_the_app_knows_from_elsewhere_is_that_member() {
    let room = room();
    let client = room.connecting("1").query("as", "user-42").connect();
    client.send("who am I?");
    assert_eq!(client.receive_json::<(Option<String>, Option<String>)>().0.as_deref(), Some("user-42"));
    let long = "x".repeat(129);
    let refused = room.connecting("2").query("as", &long).connect();
    assert_eq!(refused.closed().unwrap().code, 1011);
}

#[test]
fn our_subprotocol_is_selected_when_it_is_offered_and_no_other() {
    let room = room();
    assert_eq!(room.connecting("1").bearer("x").connect().subprotocol(), Some("party"));
    assert_eq!(room.connecting("2").header("sec-websocket-protocol", "chat").connect().subprotocol(), None);
    assert_eq!(room.connect("3").subprotocol(), None);
}
