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
 * The side whose turn it is.
 */
turn: Side, } | { "is": "over",
/**
 * The winning side.
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
 * The phase of the game.
 */
phase: Phase,
/**
 * Which round it is, from 1.
 */
round: number,
/**
 * The milliseconds left for the next move, `null` if nobody has to move.
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
 * The number of spectators.
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
 * The side that fired.
 */
by: Side,
/**
 * At which cell.
 */
cell: number,
/**
 * The effect of the shot.
 */
did: Effect,
/**
 * Whether the clock fired it, since the player was late.
 */
late: boolean, };

export type Effect = "miss" | "hit" | "sunk";

/** Any frame that a page receives. */
export type Received = ServerFrame | { "type": "error" } & ErrorFrame;
