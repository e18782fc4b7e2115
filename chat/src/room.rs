//! The room: a channel with the rules of this chat.

use party::channel::{Channel, Context, Derives, Effect, Relays, Rules, Settings, channel_hooks};
use party::parts::files::{Files, FilesOptions};
use party::parts::limits::LimitsOptions;
use party::parts::log::Retention;
use party::parts::moderation;
use party::parts::reactions::Reactions;
use party::parts::search::Search;
use party::parts::wire::{Entry, Json};
use party::{ConnectionContext, Props, Request, Response, Result, Room, Server, party};

use crate::about::{About, Change, RoomAbout};
use crate::original::Original;
use crate::protocol::{
    Command, MAX_FRAME_BYTES, MessageBody, MessageDraft, NAMES, Profile, ProfileUpdate, Query, Role,
    check_content,
};

/// The number of messages that a room keeps: even if each is as long as it can be, they fit into the room's 10 GB. A
/// content of 8,192 bytes, all of them quotes, is 16,384 bytes of JSON; with name, id and author, in pages of 4 KiB,
/// and with the index of ids that is less than 18 KB for each. The index of the search needs less than 14 KB for a
/// content of random words. That is 8 GB together.
const KEPT_MESSAGES: u64 = 250_000;

/// The number of edits and deletions that a room keeps, so that clients that were away can resume: less than 0.3 KB for
/// each.
const KEPT_CHANGES: u64 = 500_000;

/// The variable with the number of connections above which a room is spread over several objects. Without it a room is
/// one object, of 1,000 members.
const RELAYS_ABOVE: &str = "RELAYS_ABOVE";

/// The secret of the worker that is the operator key. A deployment without it has no operators.
const OPERATOR_KEY: &str = "OPERATOR_KEY";

/// The bucket for files. A deployment without it has none.
pub const FILES: &str = "FILES";

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
        Ok(Self { channel: Channel::open(room, Chatting::open(room)?)?.protocol(Original)? })
    }

    channel_hooks!(channel);

    async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
        self.channel.request(request).await
    }
}

/// The rules of the chat.
#[derive(Debug)]
pub struct Chatting {
    reactions: Reactions,
    about: RoomAbout,
    search: Search,
    files: Files,
    relays: Option<Relays>,
}

impl Chatting {
    fn open(room: &Room) -> Result<Self> {
        let (reactions, about) = (Reactions::open(room)?, RoomAbout::open(room)?);
        let files = Files::open(room, FilesOptions::new(FILES))?;
        let relays = Relays::of_variable(room, RELAYS_ABOVE);
        Ok(Self { reactions, about, search: Search::open(room)?, files, relays })
    }
}

impl Rules for Chatting {
    type Draft = MessageDraft;
    type Body = MessageBody;
    type Introduction = ProfileUpdate;
    type Profile = Profile;
    type Command = Command;

    fn settings(&self) -> Settings {
        Settings::default()
            .operator_key(OPERATOR_KEY)
            .limits(LimitsOptions::default().frame_bytes(MAX_FRAME_BYTES))
            .retention(Retention::default().items(KEPT_MESSAGES).changes(KEPT_CHANGES))
            .relays(self.relays)
    }

    fn admit(&self, by: &Context<'_, Self>, context: &ConnectionContext) -> Result<()> {
        match (self.about.invitations.key()?, by.is_moderator()) {
            (None, _) => by.let_everyone_in(),
            (_, true) => self.about.invitations.let_in(by.member()),
            _ => self.about.invitations.admit(by.member(), context.invitation()),
        }
    }

    fn files(&self) -> Option<&Files> {
        Some(&self.files)
    }

    fn profile(&self, by: &Context<'_, Self>, update: Option<ProfileUpdate>) -> Result<Profile> {
        let name = match update {
            Some(update) => NAMES.check(&update.name)?,
            None => by.profile().map_or_else(|| NAMELESS.to_owned(), |profile| profile.name.clone()),
        };
        if by.is_moderator() && by.profile().is_none_or(|shown| shown.role != by.role()) {
            by.update_shared(); // It may be the founder.
        }
        Ok(Profile { name, role: by.role(), muted_until: by.muted_until(), guest: by.is_guest() })
    }

    fn body(
        &self,
        by: &Context<'_, Self>,
        draft: MessageDraft,
        old: Option<MessageBody>,
    ) -> Result<MessageBody> {
        let MessageDraft { content, reply_to, file } = draft;
        let has_file = old.as_ref().map_or(file.is_some(), |old| old.file.is_some());
        check_content(&content, has_file)?;
        let user = name_of(by);
        Ok(match old {
            Some(old) => MessageBody { content, user, edited: true, ..old },
            None => {
                let file = file.map(|id| by.file(&id)).transpose()?;
                let (edited, reactions) = (false, Vec::new());
                MessageBody { content, user, role: Role::User, reply_to, file, edited, reactions }
            }
        })
    }

    fn command(&self, by: &Context<'_, Self>, command: Command) -> Result<Effect<MessageBody>> {
        match command {
            Command::React { message, emoji, on } => {
                if !self.reactions.set(message, &emoji, by.member(), &name_of(by), on)? {
                    return Ok(Effect::None);
                }
                by.update_own();
                Ok(Effect::summarize(message))
            }
            Command::Room(change) => {
                by.require(moderation::Role::Moderator)?;
                if let Change::Pin(message) = change {
                    by.item(message)?;
                }
                if self.about.change(change)? {
                    by.update_shared();
                }
                Ok(Effect::None)
            }
        }
    }

    fn summary(&self, _room: &Room, message: u64, body: MessageBody) -> Result<MessageBody> {
        Ok(MessageBody { reactions: self.reactions.of_item(message)?, ..body })
    }

    /// Returns the member's reactions.
    fn own(&self, by: &Context<'_, Self>) -> Result<Option<Json>> {
        let own = self.reactions.of_member(by.member())?;
        if own.is_empty() { Ok(None) } else { Json::of(&own).map(Some) }
    }

    fn query(&self, _by: &Context<'_, Self>, query: Json) -> Result<Json> {
        match query.read_input()? {
            Query::Search { text, before } => Json::of(&self.search.find(&text, before, content_of)?),
        }
    }

    /// Returns what the room says about itself.
    fn shared(&self, _room: &Room) -> Result<Option<Json>> {
        let files = self.files.is_available().then(|| self.files.max_file_bytes());
        let about = About { files, ..self.about.read()? };
        if about == About::default() { Ok(None) } else { Json::of(&about).map(Some) }
    }

    fn derives(&self) -> Result<Derives> {
        let is_slow = !self.about.slow_mode.interval()?.is_zero();
        Ok(if is_slow { Derives::Entries } else { Derives::Changes })
    }

    fn committed(&self, by: &Context<'_, Self>, entry: &Entry) -> Result<()> {
        match (entry.target, &entry.body) {
            (None, _) if by.is_moderator() => Ok(()),
            (None, _) => self.about.slow_mode.take(by.member()),
            (Some(deleted), None) => {
                if self.about.change(Change::Unpin(deleted))? {
                    by.update_shared();
                }
                self.reactions.forget(deleted)
            }
            _ => Ok(()),
        }
    }
}

/// Returns the text by which a message is found: with the name of its file.
fn content_of(message: &Entry) -> Result<Option<String>> {
    let MessageBody { content, file, .. } = message.read_body()?;
    Ok(Some(match file {
        Some(file) => format!("{content} {}", file.name),
        None => content,
    }))
}

/// Returns the name of the member that acts.
fn name_of(by: &Context<'_, Chatting>) -> String {
    by.profile().map(|profile| profile.name.clone()).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests;
