// The frames between the page and its room, as `src/wire.rs` describes them.

import type { ErrorFrame, Member } from "party-client";

/** A point of the page: 0 is left or top, 65,535 right or bottom. */
export type Point = { readonly x: number; readonly y: number };

/** The presence, or a change of it. A member's presence data is its number. */
export type Roster = {
  readonly type: "presence";
  readonly count: number;
  readonly members?: readonly Member<number>[];
  readonly join?: readonly Member<number>[];
  readonly leave?: readonly string[];
};

/** A JSON frame of the room. */
export type RoomFrame =
  | { readonly type: "welcome"; readonly number: number }
  | { readonly type: "where" }
  | Roster
  | ({ readonly type: "error" } & ErrorFrame);

/** Returns the frame of our own move: 4 bytes. */
export function encodeMove({ x, y }: Point): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, x, true);
  view.setUint16(2, y, true);
  return bytes;
}

/** Reads a member's move: 6 bytes. */
export function decodeMove(frame: ArrayBuffer): { readonly number: number; readonly at: Point } {
  const view = new DataView(frame);
  return { number: view.getUint16(0, true), at: { x: view.getUint16(2, true), y: view.getUint16(4, true) } };
}
