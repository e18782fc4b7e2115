// Going from room to room on one page. A reader who leaves a room may have unsent messages: then the visit goes on
// behind the page until it is.
import type { Source } from "party-client";
import { openRoom, type RoomSession } from "./room-session.ts";

const left = new Map<string, RoomSession>();

/** Enters a room, or comes back to one. */
export function enter(session: Source<RoomSession>, room: string): void {
  const before = session.value;
  if (before.name === room) return;
  session.value = left.get(room) ?? openRoom(room);
  left.delete(room);
  leave(before);
}

function leave(visit: RoomSession): void {
  const { name, room } = visit;
  visit.menu.value = visit.question.value = undefined;
  left.set(name, visit);
  room.outbox.subscribe((outbox) => {
    // A refused message waits for the reader, and not for the room.
    if (left.get(name) !== visit || outbox.some(({ error }) => !error)) return;
    left.delete(name);
    visit.close();
  });
}
