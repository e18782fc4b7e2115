// Which of the loaded messages are on the page: all, or only the last ones where there are many. Every row costs time
// whenever something changes, also one that nobody sees. `drawing.ts` changes it.
import type { Message } from "./room-types.ts";

/** Returns the index of the first message that is drawn, of those from the place `from` on. */
export function firstDrawn(items: readonly Message[], from: number): number {
  return from === 0 ? 0 : Math.max(items.findIndex(({ seq }) => seq === undefined || seq >= from), 0);
}
