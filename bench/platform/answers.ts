// What the program in `measure` and the worker say to each other. An address is `/{run}/{object}/{job}?{numbers}`. Each
// run has objects of its own, so that they are made where this run wants them.

/** How the worker introduces itself to the program, at `/`. */
export const INTRODUCTION = "party platform figures";

/** The header with the key. */
export const KEY_HEADER = "figures-key";

/** The least letters of a key. */
export const LEAST_KEY = 20;

/** The most that one request may ask. So whoever has the key cannot make it expensive by mistake. */
export const MOST = {
  /** Calls of one object at once. */
  calls: 64,
  /** Calls of one object after each other. */
  trips: 50,
  /** Milliseconds that an object waits before it answers. */
  wait: 1_000,
  /** Sockets of an object. */
  sockets: 5_000,
  /** Bytes of a frame. */
  bytes: 1_000,
  /** Frames that a run sends to each socket. */
  rounds: 1_000,
} as const;

/** Where an object can be made, as Cloudflare names places ("Data location" of its documentation). */
export const PLACES = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

export type Place = (typeof PLACES)[number];

/** The answer to `calls`: how long each call took that was answered, and why the others failed. */
export interface Calls {
  readonly answered: readonly number[];
  readonly failed: readonly string[];
}

/** The answer to `trips`: how long each call took, and all of them together. */
export interface Trips {
  readonly each: readonly number[];
  readonly total: number;
}

/** The answer to `send`: how many sockets the frame was sent to. */
export interface Sent {
  readonly sockets: number;
}

/** The answer to `watch`: milliseconds until `send` was answered, and until a call after it was answered too. */
export interface Watched extends Sent {
  readonly loop: number;
  readonly busy: number;
}
