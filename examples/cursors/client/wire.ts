// What travels, as `src/wire.rs` describes it.

/** A point of the page: 0 is left or top, 65,535 right or bottom. */
export type Point = { readonly x: number; readonly y: number };

/** Somebody who is here; `at` is null as long as it is not known where they point. */
export type Member = { readonly number: number; readonly hue: number; readonly at: Point | null };

/** What the room tells in JSON. */
export type Told =
  | { readonly type: "welcome"; readonly you: Member; readonly others: readonly Member[] }
  | { readonly type: "join"; readonly member: Member }
  | { readonly type: "leave"; readonly number: number }
  | { readonly type: "where" }
  | { readonly type: "error"; readonly code: string; readonly message: string };

/** The frame that tells the room of our move: 4 bytes. */
export function encodeMove({ x, y }: Point): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, x, true);
  view.setUint16(2, y, true);
  return bytes;
}

/** Whose move a frame of 6 bytes is, and where to. */
export function decodeMove(frame: ArrayBuffer): { readonly number: number; readonly at: Point } {
  const view = new DataView(frame);
  return { number: view.getUint16(0, true), at: { x: view.getUint16(2, true), y: view.getUint16(4, true) } };
}
