//! The room: a channel with the rules of this chat.

use party::channel::{Channel, Context, NoCommand, Rules, Settings, channel_hooks};
use party::parts::limits::LimitsOptions;
use party::parts::log::Retention;
use party::{Props, Request, Response, Result, Room, Server, party};

use crate::names::checked_name;
use crate::original::Original;
use crate::protocol::{
    MAX_FRAME_BYTES, MessageBody, MessageDraft, Profile, ProfileUpdate, Role, check_content,
};

/// The number of messages that a room keeps: even if each is as long as it can be, they fit into the room's 10 GB. A
/// content of 8,192 bytes, all of them quotes, is 16,384 bytes of JSON; with name, id and author, in pages of 4 KiB,
/// and with the index of ids that is less than 18 KB for each, 9 GB together.
const KEPT_MESSAGES: u64 = 500_000;

/// The number of edits and deletions that a room keeps, so that clients that were away can resume: less than 0.3 KB for
/// each.
const KEPT_CHANGES: u64 = 500_000;

/// The secret of the worker that is the operator key. A deployment without it has no operators.
const OPERATOR_KEY: &str = "OPERATOR_KEY";

/// The name of a member that has not given one.
const NAMELESS: &str = "Guest";

/// A chat room.
#[derive(Debug)]
#[party]
pub struct Chat {
    channel: Channel<Chatting>,
}

impl Server for Chat {
    async fn on_start(room: &Room, _props: Props) -> Result<Self> {
        Ok(Self { channel: Channel::open(room, Chatting)?.protocol(Original)? })
    }

    channel_hooks!(channel);

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.channel.request(request).await
    }
}

/// The rules of the chat.
#[derive(Debug)]
pub struct Chatting;

impl Rules for Chatting {
    type Draft = MessageDraft;
    type Body = MessageBody;
    type Introduction = ProfileUpdate;
    type Profile = Profile;
    type Command = NoCommand;

    fn settings(&self) -> Settings {
        Settings::default()
            .operator_key(OPERATOR_KEY)
            .limits(LimitsOptions::default().frame_bytes(MAX_FRAME_BYTES))
            .retention(Retention::default().items(KEPT_MESSAGES).changes(KEPT_CHANGES))
    }

    fn profile(&self, by: &Context<'_, Self>, update: Option<ProfileUpdate>) -> Result<Profile> {
        let name = match update {
            Some(update) => checked_name(&update.name)?,
            None => by.profile().map_or_else(|| NAMELESS.to_owned(), |profile| profile.name.clone()),
        };
        Ok(Profile { name, role: by.role(), muted_until: by.muted_until(), guest: by.is_guest() })
    }

    fn body(
        &self,
        by: &Context<'_, Self>,
        draft: MessageDraft,
        _old: Option<MessageBody>,
    ) -> Result<MessageBody> {
        check_content(&draft.content)?;
        let user = by.profile().map(|profile| profile.name.clone()).unwrap_or_default();
        Ok(MessageBody { content: draft.content, user, role: Role::User })
    }
}

#[cfg(test)]
pub(crate) mod tests;
