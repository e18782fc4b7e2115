// The frames between a client and a room: `B` is the body of an entry, `D` the presence data of a member, `C` a command.
// Generated from party/src/parts/wire.rs by `cargo test -p party`; docs/protocol.md specifies them.

export const VERSION = "2";

export type ServerFrame<B = Json, D = Json> = { "type": "welcome" } & Welcome<B, D> | { "type": "entry" } & Entry<B> | { "type": "ack" } & Ack | { "type": "page" } & Page<B> | { "type": "presence" } & Roster<D> | { "type": "ephemeral" } & EphemeralEvent | { "type": "you" } & You | { "type": "own" } & AppData | { "type": "shared" } & AppData | { "type": "answer" } & Answer | { "type": "event" } & AppData | { "type": "probe" } & Probe | { "type": "error" } & ErrorFrame;

export type Welcome<B = Json, D = Json> = {
/**
 * The client's own member.
 */
you: You,
/**
 * Which log this is. Another epoch is another log.
 */
epoch: string,
/**
 * The last `seq` of the log.
 */
head: number,
/**
 * The client's position from now on, for the parameter `position` of its next connection.
 */
position: string,
/**
 * The room's clock, in milliseconds since the Unix epoch. Every moment in a frame is of that clock.
 */
now: number,
/**
 * Whether `entries` are exactly what the client has missed. If not, what it knew may be incomplete, and `entries`
 * are the newest page of items.
 */
recovered: boolean,
/**
 * The entries.
 */
entries: Array<Entry<B>>,
/**
 * Whether there are items before them. It says nothing where the client has `recovered`.
 */
older: boolean,
/**
 * The members who are here.
 */
presence?: Roster<D>,
/**
 * The app's own state of the client's member.
 */
own?: Json,
/**
 * The app's own state of the room.
 */
shared?: Json, };

export type You = {
/**
 * The member, as everyone sees it.
 */
member: string,
/**
 * The role of the member.
 */
role: Role,
/**
 * For how many milliseconds more the member may not write.
 */
mutedFor?: number,
/**
 * A secret that the room has just made. The client keeps it, sends it back in a `token` frame, and offers it when
 * it connects again.
 */
secret?: string, };

export type Role = "reader" | "member" | "moderator";

export type Entry<B = Json> = {
/**
 * Its place in the log: 1, 2, 3 without gaps.
 */
seq: number,
/**
 * Chosen by the author's client.
 */
id: string,
/**
 * The member who wrote it. Empty for a change whose author the app keeps private.
 */
author: string,
/**
 * When the room took it, in milliseconds since the Unix epoch.
 */
at: number,
/**
 * The `seq` of the item that it changes. Without it, the entry is an item.
 */
target?: number,
/**
 * Of an item as it is now: the `seq` of its last change.
 */
edited?: number,
/**
 * Of an item that is deleted: the member that deleted it. Empty if the app keeps it private.
 */
deletedBy?: string,
/**
 * The body. An item without one is deleted; a change without one deletes.
 */
body?: B, };

export type Ack = {
/**
 * The id that the client gave it.
 */
id: string,
/**
 * Its `seq` in the log, if it is an entry.
 */
seq?: number, };

export type Probe = {
/**
 * The id of the probe.
 */
id: string, };

export type Page<B = Json> = {
/**
 * The id of the `history` frame that asked for it.
 */
id: string,
/**
 * All items are before this `seq`.
 */
before?: number,
/**
 * All items are after this `seq`.
 */
after?: number,
/**
 * The items as they are now.
 */
entries: Array<Entry<B>>,
/**
 * Whether there are further items in the direction that was asked for.
 */
more: boolean, };

export type Found<B = Json> = {
/**
 * The items as they are now, the newest first, at most 20.
 */
items: Array<Entry<B>>,
/**
 * Where the search goes on: the `before` of the next call. Without it, the whole log was searched.
 */
next?: number,
/**
 * Whether the whole log is in the index. While it is not, a search may return few items or none and still have a
 * `next`: each call takes more of the log into the index.
 */
complete: boolean, };

export type RoomFile = {
/**
 * Its id: the last segment of its address.
 */
id: string,
/**
 * Its name.
 */
name: string,
/**
 * Its media type, such as `image/png`.
 */
type: string,
/**
 * Its size in bytes.
 */
size: number,
/**
 * The width of an image in pixels, as its sender says.
 */
width?: number,
/**
 * Its height.
 */
height?: number, };

export type Roster<D = Json> = {
/**
 * The number of members present.
 */
count: number,
/**
 * All of them.
 */
members?: Array<Member<D>>,
/**
 * Members that have joined, or whose presence data has changed.
 */
join?: Array<Member<D>>,
/**
 * Members that have left.
 */
leave?: Array<string>, };

export type Member<D = Json> = {
/**
 * The member.
 */
member: string,
/**
 * The member's presence data.
 */
data: D, };

export type EphemeralEvent = {
/**
 * The member whose event it is.
 */
from: string,
/**
 * The kind, such as `typing`.
 */
kind: string,
/**
 * Optional data.
 */
data?: Json,
/**
 * The lifetime in milliseconds; 0 ends the event.
 */
ttl: number, };

export type Answer = {
/**
 * The id of the query.
 */
id: string,
/**
 * The answer.
 */
data: Json, };

export type AppData = {
/**
 * The data.
 */
data: Json, };

export type ErrorFrame = {
/**
 * The code, for programs.
 */
code: Code,
/**
 * The text, for people.
 */
message: string,
/**
 * The id of the frame that was refused: that frame, and no other. Without it, the error is about a whole text, or
 * about the connection.
 */
id?: string,
/**
 * After how many milliseconds the same frame will be accepted. Without it, the frame shall not be sent again.
 */
retryAfter?: number,
/**
 * The id under which the room's log has the cause, if the room itself failed.
 */
errorId?: string, };

export type Code = "bad_message" | "binary" | "not_json" | "too_long" | "invalid" | "empty" | "too_large" | "conflict" | "not_found" | "forbidden" | "unauthorized" | "muted" | "slow_down" | "room_full" | "expired" | "unsupported" | "unavailable" | "internal" | (string & {});

export type ClientFrame<B = Json, D = Json, C = Json> = { "type": "append",
/**
 * The id of the frame, and of the entry.
 */
id: string,
/**
 * The body.
 */
body: B, } | { "type": "edit",
/**
 * The id of the frame, and of the entry.
 */
id: string,
/**
 * The `seq` of the item.
 */
target: number,
/**
 * The new body.
 */
body: B, } | { "type": "delete",
/**
 * The id of the frame, and of the entry.
 */
id: string,
/**
 * The `seq` of the item.
 */
target: number, } | { "type": "command",
/**
 * The id of the frame, and of the entry that the command causes, if it causes one.
 */
id: string,
/**
 * The command.
 */
data: C, } | { "type": "query",
/**
 * The id of the frame.
 */
id: string,
/**
 * The query.
 */
data: Json, } | { "type": "history",
/**
 * The id of the frame.
 */
id: string,
/**
 * Before this `seq`.
 */
before?: number,
/**
 * After this `seq`.
 */
after?: number, } | { "type": "ephemeral",
/**
 * The id of the frame.
 */
id?: string,
/**
 * The kind, such as `typing`.
 */
kind: string,
/**
 * Optional data.
 */
data?: Json,
/**
 * Whether the event ends.
 */
end?: boolean, } | { "type": "presence",
/**
 * The id of the frame.
 */
id: string,
/**
 * The data.
 */
data: D, } | { "type": "moderate",
/**
 * The id of the frame.
 */
id: string,
/**
 * The action.
 */
action: Action,
/**
 * The member it applies to.
 */
member: string,
/**
 * The duration of a ban or a mute; without it, it lasts until it is ended.
 */
seconds?: number, } | { "type": "probe",
/**
 * The id of the room's frame.
 */
id: string, } | { "type": "token",
/**
 * The id of the frame.
 */
id: string,
/**
 * The token.
 */
token: string, };

export type Action = "kick" | "ban" | "unban" | "mute" | "unmute" | "appoint" | "dismiss";

export type Json = unknown;
