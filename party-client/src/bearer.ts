// The secret that makes all tabs of a browser one member of a room.
import { shelf, type Memory } from "./memory.ts";

export type BearerMemory = {
  /** The secret to prove with now; `renew`: what was given before is no longer valid. */
  recall(renew: boolean): string | undefined;
  /** The room has made one. Gives whether that is who we are from now on. */
  remember(secret: string): boolean;
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
      // Another tab may have met the room at the same moment: then the first one's secret stands.
      if (kept.recall(key) !== stored) return false;
      own = secret;
      kept.remember(key, secret);
      return true;
    },
  };
}
