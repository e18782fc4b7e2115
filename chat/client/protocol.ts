// The messages and members of the chat. Generated from chat/src/protocol.rs by `cargo test -p chat`.
import type { RoomFile } from "party-client";

export type Role = "user" | "assistant";

export type MessageDraft = {
/**
 * The text.
 */
content: string,
/**
 * The `seq` of the message that it answers. An edit does not change it.
 */
replyTo?: number,
/**
 * The id of the file that it has. An edit does not change it.
 */
file?: string, };

export type MessageBody = {
/**
 * The text.
 */
content: string,
/**
 * The author's name when it was written. Names can be shared: who an author is says the entry's `author`.
 */
user: string,
/**
 * The author.
 */
role: Role,
/**
 * The `seq` of the message that it answers. That may be deleted by now.
 */
replyTo?: number,
/**
 * Its file.
 */
file?: RoomFile,
/**
 * Whether its author has edited it.
 */
edited?: boolean,
/**
 * The reactions to it.
 */
reactions?: { emoji: string, count: number, names: string[] }[], };

export type Command = { "react": {
/**
 * The `seq` of the message.
 */
message: number,
/**
 * The emoji.
 */
emoji: string,
/**
 * `false` takes it back.
 */
on: boolean, } } | { "room": Change };

export type Query = { "search": {
/**
 * The words.
 */
text: string,
/**
 * Only messages before this `seq`: where an answer before has ended.
 */
before?: number, } };

export type Change = { "name": string } | { "topic": string } | { "pin": number } | { "unpin": number } | { "lock": boolean } | { "slow_mode": number } | { "invitation_only": boolean } | "new_invitation";

export type About = {
/**
 * The name that moderators have given it. Without one it is called as in its address.
 */
name?: string,
/**
 * The topic.
 */
topic?: string,
/**
 * The first moderator.
 */
founder?: string,
/**
 * The `seq` of each pinned message, the one that was pinned last at the end.
 */
pins?: number[],
/**
 * Whether only moderators may write.
 */
locked?: boolean,
/**
 * After how many seconds a member may write again. `0`: at once.
 */
slowMode?: number,
/**
 * The key of the invitations, while only members that were let in may join. Members pass it on in a link.
 */
invitation?: string,
/**
 * The largest size of a file in bytes, if messages can have files.
 */
files?: number, };

export type ProfileUpdate = {
/**
 * The name to be shown.
 */
name: string, };

export type Profile = {
/**
 * The name to be shown.
 */
name: string,
/**
 * The role of the member.
 */
role: "reader" | "member" | "moderator",
/**
 * Until when the member may not write, in milliseconds of the room's clock.
 */
mutedUntil?: number,
/**
 * Whether the member came by the original protocol, in which nobody can prove who they are.
 */
guest?: boolean, };

export const LIMITS = {
  contentBytes: 8192,
  userChars: 64,
  idChars: 64,
  roomNameChars: 60,
  topicChars: 250,
  pins: 20,
  frameBytes: 65536,
} as const;
