// The chat's types, as `party-client` takes them.
import type { Found, Item, Room } from "party-client";
import type { About, Command, MessageBody, MessageDraft, Profile, ProfileUpdate, Query } from "./protocol.ts";

export type ChatTypes = {
  draft: MessageDraft;
  body: MessageBody;
  introduction: ProfileUpdate;
  profile: Profile;
  command: Command;
  query: Query;
  answer: Found<MessageBody>;
  /** The reader's reactions, each with the `seq` of its message. */
  own: readonly [seq: number, emoji: string][] | null;
  /** What the room says about itself. */
  shared: About | null;
};

export type ChatRoom = Room<ChatTypes>;

export type Message = Item<MessageBody, MessageDraft>;
