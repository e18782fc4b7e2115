// The options of a room.
import type { Params } from "./address.ts";
import type { Memory } from "./storage.ts";
import type { Timings } from "./timings.ts";
import type { Body, Draft, Introduction, RoomTypes } from "./types.ts";
import type { You } from "./wire.ts";

/** Our own member in the room. */
export type Me = Pick<You, "member" | "role"> & {
  /** Until when we may not write, in the time of `room.now()`. */
  mutedUntil?: number;
};

export type RoomOptions<T extends RoomTypes = {}> = {
  /** As in `location.host`, which is the default on a page. */
  host?: string;
  /** The party's name in the address; `main` without. */
  party?: string;
  /**
   * The room's name: any text, of at most 1,024 bytes when it is percent-encoded. The constructor throws a `RoomError`
   * with the code `invalid_name` for a name that no room can have: an empty one, `.`, `..`, and one that is too long.
   */
  room: string;
  /** `ws` or `wss`, where it does not follow from the page or the host. */
  protocol?: "ws" | "wss";
  /** Further parameters for the app; a function is asked before each connection. */
  query?: Params | (() => Params | Promise<Params>);
  /**
   * Returns the signed token, for apps with accounts. It is called before each connection. Without, the room makes a
   * secret, which is remembered.
   */
  token?: () => string | Promise<string>;
  /**
   * Returns the key of an invitation, for a room that needs one. It is called before each connection, and is sent where
   * no address and no log has it. A key that no connection can be opened with is left out.
   */
  invitation?: () => string | undefined;
  /** Our presence data. The room decides what the others receive. */
  presence?: Introduction<T>;
  /**
   * Makes the body that a draft is shown with until the room has answered. `now` is the item's body, if it is an edit.
   * Without, it is the draft.
   */
  preview?: (draft: Draft<T>, me: Me | undefined, now?: Body<T>) => Body<T>;
  /** The storage for secrets and unsent entries, the browser's storage by default. */
  memory?: Memory;
  /** Whether several frames may be sent in one message. */
  batch?: boolean;
  /** The `WebSocket` class, where there is none, or for tests. */
  WebSocket?: unknown;
  timings?: Partial<Timings>;
};
