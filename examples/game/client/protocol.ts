// The wire of page and room. Generated from src/protocol.rs by `cargo test -p game`.

import type { ErrorFrame } from "party-client";

export type Side = "coral" | "teal";

export type Pair<T> = {
/**
 * Coral's.
 */
coral: T,
/**
 * Teal's.
 */
teal: T, };

export type Phase = { "is": "waiting" } | { "is": "placing" } | { "is": "playing",
/**
 * Whose turn it is.
 */
turn: Side, } | { "is": "over",
/**
 * Who.
 */
winner: Side, };

export type ClientFrame = { "type": "shuffle" } | { "type": "ready" } | { "type": "fire",
/**
 * At which cell of the other's sea, counted from 0 row by row.
 */
cell: number, };

export type ServerFrame = { "type": "welcome",
/**
 * The client's side, `null` for a spectator.
 */
side: Side | null,
/**
 * The secret by which the room recognises this member on its next connection. Only a new member is sent one.
 */
secret?: string, } | { "type": "view" } & View;

export type View = {
/**
 * How far it is.
 */
phase: Phase,
/**
 * Which round it is, from 1.
 */
round: number,
/**
 * How many milliseconds are left for the next move, `null` if nobody has to move.
 */
left_ms: number | null,
/**
 * The players.
 */
players: Pair<Player>,
/**
 * The seas.
 */
seas: Pair<SeaView>,
/**
 * The newest shot of this round.
 */
last: Shot | null,
/**
 * How many watch.
 */
spectators: number,
/**
 * Whether a spectator may take a seat.
 */
free_seat: boolean, };

export type Player = {
/**
 * Whether the seat is taken.
 */
seated: boolean,
/**
 * Whether its player is connected.
 */
online: boolean,
/**
 * Whether they want to go on.
 */
ready: boolean,
/**
 * The rounds that they have won.
 */
wins: number, };

export type SeaView = {
/**
 * The ships that one may see: one's own, those that have sunk, and after the round all.
 */
ships: Array<Array<number>>,
/**
 * The cells that were hit.
 */
hits: Array<number>,
/**
 * The cells where a shot has met only water.
 */
misses: Array<number>, };

export type Shot = {
/**
 * Who fired.
 */
by: Side,
/**
 * At which cell.
 */
cell: number,
/**
 * What it did.
 */
did: Effect,
/**
 * Whether the clock fired it, since the player was late.
 */
late: boolean, };

export type Effect = "miss" | "hit" | "sunk";

/** Any frame that a page receives. */
export type Received = ServerFrame | { "type": "error" } & ErrorFrame;
