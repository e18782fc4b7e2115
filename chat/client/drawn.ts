// Which of the loaded messages are on the page: all, or only the last ones where there are many. Every row costs time
// whenever something changes, also one that nobody sees. `drawing.ts` changes it.
import type { Message } from "./room-types.ts";

/** Returns the index of the first message that is drawn, of those from the place `from` on. */
export function firstDrawn(items: readonly Message[], from: number): number {
  const first = firstFrom(items, from);
  return items[first] ? first : 0;
}

/** Returns the message at a place, if it is there. */
export function messageAt(items: readonly Message[], place: number): Message | undefined {
  const item = items[firstFrom(items, place)];
  return item?.seq === place ? item : undefined;
}

/**
 * Returns the index of the first message at the place `from` or after it; the number of messages if there is none.
 * Those on their way are after all places.
 */
function firstFrom(items: readonly Message[], from: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.seq ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
