// The chat's types, as `party-client` takes them.
import type { Item, Room } from "party-client";
import type { MessageBody, MessageDraft, Profile, ProfileUpdate } from "./protocol.ts";

export type ChatTypes = { draft: MessageDraft; body: MessageBody; introduction: ProfileUpdate; profile: Profile };

export type ChatRoom = Room<ChatTypes>;

export type Message = Item<MessageBody, MessageDraft>;
