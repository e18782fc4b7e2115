// The chat's types, as `party-client` takes them.
import type { Item, Room } from "party-client";
import type { Line, Name, Profile, Said } from "./protocol.ts";

export type ChatTypes = { draft: Said; body: Line; introduction: Name; profile: Profile };

export type ChatRoom = Room<ChatTypes>;

export type Message = Item<Line, Said>;
