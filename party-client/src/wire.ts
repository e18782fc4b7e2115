// The wire between a client and a room of parts: `B` is the body of an entry, `D` what a member shows of itself. Generated
// from party/src/parts/wire.rs by `cargo test -p party`; docs/protocol.md says what it means.

/**
 * The protocol version, sent as the query parameter `wire`.
 */
export const VERSION = "2";

export type ServerFrame<B = Json, D = Json> = { "type": "welcome" } & Welcome<B, D> | { "type": "entry" } & Entry<B> | { "type": "ack" } & Ack | { "type": "page" } & Page<B> | { "type": "presence" } & Roster<D> | { "type": "ephemeral" } & EphemeralEvent | { "type": "you" } & You | { "type": "own" } & Own | { "type": "event" } & AppEvent | { "type": "error" } & ErrorFrame;

export type Welcome<B = Json, D = Json> = {
/**
 * Who the client is.
 */
you: You,
/**
 * Which log this is. Another epoch is another log.
 */
epoch: string,
/**
 * The position of `head`: sent back as the query parameter `position`.
 */
position: string,
/**
 * The last `seq` of the log: where the client stands from now on.
 */
head: number,
/**
 * The room's clock, in milliseconds since the Unix epoch.
 */
now: number,
/**
 * Whether `entries` are exactly what the client has missed. If not, what it knew may be incomplete, and `entries` are the
 * newest page of items.
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
 * Who is here.
 */
presence?: Roster<D>,
/**
 * The app's own state for this member.
 */
own?: Json, };

export type You = {
/**
 * The member, as everyone sees it.
 */
member: string,
/**
 * What the member may do.
 */
role: Role,
/**
 * For how many milliseconds from now the member may not write.
 */
mutedFor?: number,
/**
 * A secret that the room has just made: the client keeps it and proves with it who it is next time.
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
 * The member who wrote it.
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
 * The body. An item without one is deleted; a change without one deletes.
 */
body?: B, };

export type Ack = {
/**
 * The id that the client gave it.
 */
id: string,
/**
 * Its place in the log, if it is in the log.
 */
seq?: number, };

export type Page<B = Json> = {
/**
 * The id of the `history` frame that it answers.
 */
id: string,
/**
 * All items stand before this `seq`.
 */
before?: number,
/**
 * All items stand after this `seq`.
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

export type Roster<D = Json> = {
/**
 * How many members are here.
 */
count: number,
/**
 * All of them.
 */
members?: Array<Member<D>>,
/**
 * Those who have come, or show something else of themselves.
 */
join?: Array<Member<D>>,
/**
 * Those who have gone.
 */
leave?: Array<string>, };

export type Member<D = Json> = {
/**
 * Who it is.
 */
member: string,
/**
 * What they show of themselves.
 */
data: D, };

export type EphemeralEvent = {
/**
 * Whose it is.
 */
from: string,
/**
 * What it is, such as `typing`.
 */
kind: string,
/**
 * More about it.
 */
data?: Json,
/**
 * For how many milliseconds it holds; 0 ends it.
 */
ttl: number, };

export type Own = {
/**
 * The app's own state for this member, whole.
 */
data: Json, };

export type AppEvent = {
/**
 * The app's data.
 */
data: Json, };

export type ErrorFrame = {
/**
 * For programs.
 */
code: Code,
/**
 * For people.
 */
message: string,
/**
 * The id of the frame that was refused.
 */
id?: string,
/**
 * After how many milliseconds the same frame will be accepted. Without, it will not be.
 */
retryAfter?: number,
/**
 * Names the line in the room's log, when the room itself failed.
 */
errorId?: string, };

export type Code = "bad_message" | "binary" | "not_json" | "too_long" | "invalid" | "empty" | "too_large" | "conflict" | "not_found" | "forbidden" | "muted" | "slow_down" | "room_full" | "expired" | "unsupported" | "unavailable" | "internal" | (string & {});

export type ClientFrame<B = Json, D = Json> = { "type": "append",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * The body.
 */
body: B, } | { "type": "edit",
/**
 * Chosen by the client, and used for nothing else.
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
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * The `seq` of the item.
 */
target: number, } | { "type": "command",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * The command.
 */
data: Json, } | { "type": "history",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * Before this one.
 */
before?: number,
/**
 * After this one.
 */
after?: number, } | { "type": "ephemeral",
/**
 * Chosen by the client: an error about this frame carries it.
 */
id?: string,
/**
 * What it is, such as `typing`.
 */
kind: string,
/**
 * More about it.
 */
data?: Json,
/**
 * Whether it is over.
 */
end?: boolean, } | { "type": "presence",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * It.
 */
data: D, } | { "type": "moderate",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * What.
 */
action: Action,
/**
 * To whom.
 */
member: string,
/**
 * For how long; for good if it is not said.
 */
seconds?: number, } | { "type": "token",
/**
 * Chosen by the client, and used for nothing else.
 */
id: string,
/**
 * A fresh token, or the secret from `welcome`.
 */
token: string, };

export type Action = "kick" | "ban" | "unban" | "mute" | "unmute" | "appoint" | "dismiss";

export type Json = unknown;
