// Going from room to room on one page. A reader who leaves a room may have unsent messages: then the visit goes on
// behind the page until it is.
import type { Source } from "party-client";
import { openRoom, type RoomSession } from "./room-session.ts";
import { uploadsIn } from "./uploads.ts";

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
  const uploads = uploadsIn(room);
  const look = () => {
    // A refused message waits for the reader, and not for the room. A file is lost with the visit.
    const waits = room.outbox.value.some(({ error }) => !error) || uploads.value.length > 0;
    if (left.get(name) !== visit || waits) return;
    left.delete(name);
    visit.close();
  };
  room.outbox.subscribe(look);
  uploads.subscribe(look);
}
