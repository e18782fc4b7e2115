// Until when the reader may not write. The room's clock decides: the device's may be wrong by hours.
import { source, timer, type Me, type Observable } from "party-client";

/** The parts of a room that are read here. */
type Muting = { you: Observable<Me | undefined>; now(): number };

const LAST_DATE = 8.64e15; // A mute that ends later than any date has no end.

/**
 * Follows until when the reader is muted, in the room's time; `Infinity` where it has no end. Also returns how to stop.
 */
export function followMute(room: Muting): [until: Observable<number | undefined>, stop: () => void] {
  const until = source<number | undefined>(undefined);
  const over = timer(look);
  function look(): void {
    over.stop();
    const end = room.you.value?.mutedUntil ?? 0;
    const left = end - room.now();
    until.value = left <= 0 ? undefined : end < LAST_DATE ? end : Infinity;
    if (left > 0) over.set(left);
  }
  const stop = room.you.subscribe(look);
  return [until, () => (over.stop(), stop())];
}
