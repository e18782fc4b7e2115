//! A person in a room: a member with a name.

use std::ops::{Deref, DerefMut};

use party::parts::wire;
use party::testing::{MemberFrame, RoomFrame, TestMember, TestRoom};

use crate::protocol::{MessageBody, MessageDraft, ProfileUpdate};
use crate::room::{Chat, Chatting};

pub(super) type Frame = RoomFrame<Chatting>;
pub(super) type ClientFrame = MemberFrame<Chatting>;
pub(super) type Item = wire::Entry<MessageBody>;

/// A person in a room.
pub(super) struct Guest {
    name: String,
    member: TestMember<Chatting>,
}

pub(super) fn draft(content: &str) -> MessageDraft {
    MessageDraft { content: content.into(), reply_to: None, file: None }
}

impl Guest {
    pub(super) fn new(name: &str) -> Self {
        let member = TestMember::new(&format!("{name} 1")).introduced(&ProfileUpdate { name: name.into() });
        Self { name: name.into(), member }
    }

    pub(super) fn batching(self) -> Self {
        Self { member: self.member.batching(), ..self }
    }

    /// Makes it bring the key of an invitation.
    pub(super) fn invited(self, key: &str) -> Self {
        Self { member: self.member.invited(key), ..self }
    }

    /// Returns the same person in another tab.
    pub(super) fn another_tab(&self) -> Self {
        let member = self.member.on_another_device(&format!("{} 2", self.name));
        Self { name: self.name.clone(), member }
    }

    pub(super) fn join(&mut self, room: &TestRoom<Chat>) {
        self.member.join(room);
        assert_eq!(self.socket().subprotocol(), Some("party"));
    }

    /// Joins from an address of the network.
    pub(super) fn join_from(&mut self, room: &TestRoom<Chat>, address: &str) {
        let socket = self.connecting(room).header("cf-connecting-ip", address).connect();
        self.adopt(socket);
    }

    /// Writes a message. Returns its id.
    pub(super) fn say(&mut self, content: &str) -> String {
        self.append(draft(content))
    }

    pub(super) fn rewrite(&mut self, target: u64, content: &str) -> String {
        self.edit(target, draft(content))
    }

    /// Returns the texts of all messages, in their order.
    pub(super) fn texts(&self) -> Vec<String> {
        self.items.values().filter_map(|item| Some(item.body.as_ref()?.content.clone())).collect()
    }

    /// Returns the names of all members that are present, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.roster.values().map(|profile| profile.name.clone()).collect();
        names.sort();
        names
    }
}

impl Deref for Guest {
    type Target = TestMember<Chatting>;

    fn deref(&self) -> &Self::Target {
        &self.member
    }
}

impl DerefMut for Guest {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.member
    }
}
