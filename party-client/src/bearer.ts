// The secret that makes all tabs of a browser one member of a room.
import { shelf, type Memory } from "./memory.ts";

export type BearerMemory = {
  /** The secret to prove with now; `renew`: what was given before is no longer valid. */
  recall(renew: boolean): string | undefined;
  /** The room has made one. */
  remember(secret: string): void;
};

export function bearerMemory(room: string, memory: Memory): BearerMemory {
  const key = `party.secret.${room}`;
  const kept = shelf(() => memory.local);
  let own: string | undefined; // Lives as long as the visit, also where nothing may be kept.
  let stored: string | undefined;
  return {
    recall(renew) {
      stored = kept.recall(key);
      return renew ? undefined : (stored ?? own);
    },
    remember(secret) {
      own = secret;
      // Another tab may have met the room at the same moment: the first one's secret stands, and the next connection proves with it.
      if (kept.recall(key) === stored) kept.remember(key, secret);
    },
  };
}
