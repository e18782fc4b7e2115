// Drawing more of the conversation for a reader who goes back, and less again for one who has come to its end.
import { firstDrawn } from "./drawn.ts";
import type { RoomSession } from "./room-session.ts";

/** The number of messages that are added at a time, and that are left at the end of the conversation. */
export const STEP = 150;

/** The time between two steps when less is drawn, in milliseconds. */
const PAUSE = 300;

/** The number of pauses without a change after which a text in the input is left alone. */
const CALM = 10;

/** Goes further back: draws more of what is loaded, or loads more. */
export function drawMore({ room, drawnFrom }: RoomSession): void {
  const { items } = room.log.value;
  const first = firstDrawn(items, drawnFrom.value);
  if (first === 0) return void room.loadOlder();
  drawnFrom.value = items[first - STEP]?.seq ?? 0;
}

/**
 * Draws less, once the reader is at the end and there are many messages. It takes one step after another, and none
 * while they write, because a step takes longer than a letter or a message may. Returns how to stop it.
 */
export function drawLess({ room, drawnFrom, atEnd, draft }: RoomSession): () => void {
  let written = draft.value;
  let calm = 0;
  let from = drawnFrom.value;
  const less = () => {
    const { items } = room.log.value;
    const first = firstDrawn(items, drawnFrom.value);
    const last = items.length - STEP;
    // Whatever else has changed it, such as printing, needs what is drawn.
    if (first + STEP >= last || drawnFrom.value !== from) return clearInterval(steps);
    const next = first + 2 * STEP;
    calm = draft.value === written ? calm + 1 : 0;
    written = draft.value;
    const writes = calm < (written.text || written.edit ? CALM : 1);
    if (!writes) drawnFrom.value = from = items[next + STEP < last ? next : last]?.seq ?? from;
  };
  const steps = atEnd.value ? setInterval(less, PAUSE) : 0;
  return () => clearInterval(steps);
}
