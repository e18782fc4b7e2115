//! Invitations: a room that only members may join that were let in.

use party::parts::invitations::Invitations;
use party::testing::example::hook;
use party::{Error, ErrorCode, MemberId, Result, Room};

fn member(name: &str) -> MemberId {
    MemberId::new(name).unwrap()
}

/// Returns the text with which a member is refused, if it is.
fn refused(invitations: &Invitations, name: &str, key: Option<&str>) -> Option<String> {
    let error = invitations.admit(&member(name), key).err()?;
    assert_eq!(error.code(), ErrorCode::FORBIDDEN);
    assert_eq!(error.close_code().map(party::CloseCode::as_u16), Some(4403));
    Some(error.public_text().to_owned())
}

fn rows(room: &Room) -> Result<u64> {
    Ok(room.sql().query_one::<(u64,)>("SELECT count(*) FROM party_invited", ())?.0)
}

#[test]
fn a_member_needs_the_key_once() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        invitations.require()?;
        let key = invitations.key()?.unwrap();
        let by_invitation = Some("This room is by invitation only".to_owned());
        let not_valid = Some("The invitation is not valid any more".to_owned());
        assert_eq!(refused(&invitations, "bob", None), by_invitation);
        for wrong in ["", "x", key.get(1..).unwrap(), &format!("{key} "), &key.to_lowercase()] {
            assert_eq!(refused(&invitations, "bob", Some(wrong)), not_valid, "{wrong}");
        }
        assert_eq!(rows(room)?, 0, "nothing is written for a member that is refused");
        assert_eq!(refused(&invitations, "bob", Some(&key)), None);
        assert_eq!(refused(&invitations, "bob", None), None);
        assert_eq!(refused(&invitations, "eve", None), by_invitation);
        assert_eq!(rows(room)?, 1);
        Ok(())
    });
}

#[test]
fn a_new_key_replaces_the_old_one_and_members_that_were_let_in_stay_so() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        invitations.require()?;
        let old = invitations.key()?.unwrap();
        invitations.admit(&member("bob"), Some(&old))?;
        invitations.require()?;
        assert_eq!(invitations.key()?.as_ref(), Some(&old), "it was required already");
        invitations.renew()?;
        let new = invitations.key()?.unwrap();
        assert_ne!(new, old);
        assert!(refused(&invitations, "cy", Some(&old)).is_some());
        assert!(refused(&invitations, "cy", Some(&new)).is_none());
        assert!(refused(&invitations, "bob", Some(&old)).is_none(), "it was let in");
        Ok(())
    });
}

#[test]
fn while_invitations_are_not_required_everyone_joins_and_nothing_is_written() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        invitations.renew()?;
        invitations.end()?;
        invitations.let_in(&member("bob"))?;
        invitations.withdraw(&member("bob"))?;
        assert_eq!(refused(&invitations, "bob", Some("x")), None);
        assert!(!invitations.is_valid("")? && !invitations.is_let_in(&member("bob"))?);
        let tables = "SELECT 1 FROM sqlite_schema WHERE name = 'party_invited'";
        assert!(room.sql().rows(tables, ())?.is_empty());
        invitations.require()?;
        let key = invitations.key()?.unwrap();
        invitations.admit(&member("bob"), Some(&key))?;
        invitations.end()?;
        assert_eq!((invitations.key()?, rows(room)?), (None, 0));
        invitations.require()?;
        assert!(refused(&invitations, "bob", Some(&key)).is_some(), "all is forgotten");
        Ok(())
    });
}

#[test]
fn a_member_whose_admission_is_withdrawn_needs_the_key_again() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        invitations.require()?;
        invitations.let_in(&member("bob"))?;
        invitations.let_in(&member("bob"))?;
        invitations.withdraw(&member("bob"))?;
        assert!(refused(&invitations, "bob", None).is_some());
        assert!(refused(&invitations, "bob", invitations.key()?.as_deref()).is_none());
        Ok(())
    });
}

#[test]
fn a_transaction_that_is_undone_changes_nothing_in_memory() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        let undone: Result<()> = room.sql().transaction(|| {
            invitations.require()?;
            Err(Error::other("no"))
        });
        assert!(undone.is_err());
        assert_eq!(invitations.key()?, None);
        invitations.require()?;
        let key = invitations.key()?;
        let undone: Result<()> = room.sql().transaction(|| {
            invitations.renew()?;
            invitations.let_in(&member("bob"))?;
            Err(Error::other("no"))
        });
        assert!(undone.is_err() && !invitations.is_let_in(&member("bob"))?);
        assert_eq!(invitations.key()?, key);
        Ok(())
    });
}

#[test]
fn the_key_lets_in_100000_members_and_no_more() {
    hook(async |room, _ada| {
        let invitations = Invitations::open(room)?;
        invitations.require()?;
        let fill =
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 99999)
                    INSERT INTO party_invited (member, at) SELECT 'm' || n, 1 FROM numbers";
        room.sql().execute(fill, ())?;
        let key = invitations.key()?;
        assert_eq!(refused(&invitations, "bob", key.as_deref()), None);
        let full = refused(&invitations, "cy", key.as_deref());
        assert_eq!(full.as_deref(), Some("The room has let in too many members"));
        assert_eq!(refused(&invitations, "bob", None), None);
        invitations.withdraw(&member("bob"))?;
        assert_eq!(refused(&invitations, "cy", key.as_deref()), None);
        Ok(())
    });
}
