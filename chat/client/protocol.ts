// What the chat's messages and members are. Generated from chat/src/protocol.rs by `cargo test -p chat`.

export type Role = "user" | "assistant";

export type Said = {
/**
 * The text.
 */
content: string, };

export type Line = {
/**
 * The text.
 */
content: string,
/**
 * The author's name when it was written. Names can be shared: who an author is says the entry's `author`.
 */
user: string,
/**
 * Who wrote it.
 */
role: Role, };

export type Name = {
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
 * What the member may do.
 */
role: "reader" | "member" | "moderator",
/**
 * Until when it may not write, in milliseconds since the Unix epoch.
 */
mutedUntil?: number,
/**
 * Whether it came over the original wire, where nobody can prove who they are.
 */
guest?: boolean, };

export const LIMITS = {
  contentBytes: 8192,
  userChars: 64,
  idChars: 64,
  frameBytes: 65536,
} as const;
