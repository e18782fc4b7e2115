// The chat's types, as `party-client` takes them.
import type { Item, Room } from "party-client";
import type { About, Command, MessageBody, MessageDraft, Profile, ProfileUpdate } from "./protocol.ts";

export type ChatTypes = {
  draft: MessageDraft;
  body: MessageBody;
  introduction: ProfileUpdate;
  profile: Profile;
  command: Command;
  /** The reader's reactions, each with the `seq` of its message. */
  own: readonly [seq: number, emoji: string][] | null;
  /** What the room says about itself. */
  shared: About | null;
};

export type ChatRoom = Room<ChatTypes>;

export type Message = Item<MessageBody, MessageDraft>;
