// Which of the loaded messages are on the page: all, or only the last ones where there are many. Every row costs time
// whenever something changes, also one that nobody sees.
import type { RoomSession } from "./room-session.ts";
import type { Message } from "./room-types.ts";

/** The number of messages that are added at a time, and that are left at the end of the conversation. */
export const STEP = 150;

/** Returns the index of the first message that is drawn, of those from the place `from` on. */
export function firstDrawn(items: readonly Message[], from: number): number {
  return from === 0 ? 0 : Math.max(items.findIndex(({ seq }) => seq === undefined || seq >= from), 0);
}

/** Goes further back: draws more of what is loaded, or loads more. */
export function drawMore({ room, drawnFrom }: RoomSession): void {
  const { items } = room.log.value;
  const first = firstDrawn(items, drawnFrom.value);
  if (first === 0) return void room.loadOlder();
  drawnFrom.value = items[first - STEP]?.seq ?? 0;
}

/** Draws less again, once the reader is at the end and there are many rows. */
export function drawLess({ room, drawnFrom, atEnd }: RoomSession, rows: number): void {
  if (atEnd.value && rows > 2 * STEP) drawnFrom.value = room.log.value.items.at(-STEP)?.seq ?? drawnFrom.value;
}
