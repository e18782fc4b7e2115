// The secret that makes all tabs of a browser one member of a room.
import { storageName, placeOf } from "./address.ts";
import type { RoomOptions } from "./options.ts";
import { BROWSER, safeStorage, type Memory } from "./storage.ts";

/** A room, as its options name it. */
type Whose = Pick<RoomOptions, "host" | "party" | "room" | "memory">;

/** Returns whether a text can be sent in a subprotocol. Otherwise no connection can be opened with it. */
export function isBearer(text: unknown): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(`${text}`);
}

export type BearerMemory = {
  /** Returns the secret to prove with now; `renew`: what was given before is no longer valid. */
  recall(renew: boolean): string | undefined;
  /** Returns the secret as it is now, for what is not a connection. */
  current(): string | undefined;
  /** Stores the secret that the room has made. Returns whether it is the one that this browser keeps. */
  remember(secret: string): boolean;
  /** Whether the storage is full or forbidden, so that the secret is lost after the visit. */
  readonly isFull: boolean;
  /** Returns whether the secret is still the one that this browser keeps. */
  keeps(secret: string): boolean;
};

export function bearerMemory(room: string, memory: Memory): BearerMemory {
  const key = keyOf(room);
  const kept = safeStorage(() => memory.local);
  let own: string | undefined; // Lives as long as the visit, also where nothing may be kept.
  let stored: string | undefined;
  let given: string | undefined;
  let isFull = false; // Then what is stored may be an older one.
  const usable = (found: string | undefined) => (!isFull && isBearer(found) && found) || own;
  return {
    get isFull() {
      return isFull;
    },
    recall(renew) {
      stored = kept.recall(key);
      const secret = usable(stored);
      // Another tab may have been given a new one meanwhile.
      if (renew && secret === given) return undefined;
      return (given = secret);
    },
    current: () => usable(kept.recall(key)),
    remember(secret) {
      // Another tab may have met the room at the same moment: then the first one's secret is kept.
      if (kept.recall(key) !== stored) return false;
      own = secret;
      isFull = !kept.remember(key, secret);
      return true;
    },
    // Browsers show one tab what another has stored a moment late: both may have taken themselves for the first one.
    keeps: (secret) => isFull || (kept.recall(key) ?? own) === secret,
  };
}

/**
 * Returns the secret by which this browser is a member of a room, for requests to that room that prove it with
 * `Authorization: Bearer {secret}`. `undefined` if it was never there.
 */
export function keptSecret({ memory = BROWSER, ...whose }: Whose): string | undefined {
  const secret = safeStorage(() => memory.local).recall(keyOf(storageName(placeOf(whose))));
  return isBearer(secret) ? secret : undefined;
}

function keyOf(room: string): string {
  return `party.secret.${room}`;
}
