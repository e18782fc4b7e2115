// The wire between the browser and the room. Generated from chat/src/protocol.rs by `cargo test -p chat`.

export type Role = "user" | "assistant";

export type Draft = {
/**
 * Chosen by the author's client. One message has one id, however often it is sent.
 */
id: string,
/**
 * The text.
 */
content: string,
/**
 * The author's name.
 */
user: string,
/**
 * Who wrote it.
 */
role: Role, };

export type Message = {
/**
 * The author's id of it.
 */
id: string,
/**
 * The text.
 */
content: string,
/**
 * The author's name.
 */
user: string,
/**
 * Who wrote it.
 */
role: Role,
/**
 * Its place in the room's order, the same for everyone. On wire 2 only.
 */
seq?: number,
/**
 * When the room stored it, in milliseconds since the Unix epoch. On wire 2 only.
 */
at?: number, };

export type ClientFrame = { "type": "add" } & Draft | { "type": "update" } & Draft;

export type ServerFrame = { "type": "all",
/**
 * The messages.
 */
messages: Array<Message>, } | { "type": "add" } & Message | { "type": "update" } & Message | { "type": "error" } & Rejection;

export type Rejection = {
/**
 * For programs.
 */
code: ErrorCode,
/**
 * For people.
 */
message: string,
/**
 * Which message was not taken, where that could be read.
 */
id?: string,
/**
 * The newest messages. The original client takes every frame of a type that it does not know for the history, so on its
 * wire a rejected message comes with the history as it is; without it, that client's page would break.
 */
messages?: Array<Message>, };

export type ErrorCode = "binary" | "not_json" | "invalid" | "empty" | "too_large" | "conflict" | "internal";

export const LIMITS = {
  contentBytes: 8192,
  userChars: 64,
  idChars: 64,
  frameBytes: 65536,
} as const;
