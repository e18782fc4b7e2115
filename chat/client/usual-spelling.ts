// Rooms whose names look the same, and are spelled in another way.
import { segmentOf } from "party-client";
import { nameOf } from "./room-address.ts";
import type { RoomSession } from "./room-session.ts";

/**
 * Returns the usual spelling of a room's name, of those that look the same: an accent can be a part of its letter, or
 * stand after it.
 */
export function usualSpelling(room: string): string {
  return segmentOf(nameOf(room).normalize("NFC")) ?? room;
}

/**
 * Leads from a room whose name has another than the usual spelling to the room that has it, which looks the same.
 * Rooms in which something was written under the other spelling stay where they are: links lead to them. Returns how to
 * stop that.
 */
export function leadToUsual({ name, room }: RoomSession): () => void {
  const usual = usualSpelling(name);
  return room.log.subscribe(({ loaded, items }) => {
    if (usual === name || !loaded || items.length > 0) return;
    history.replaceState(null, "", `/${usual}${location.search}${location.hash}`);
    // The page enters the room that the address names, as it does when the reader goes back.
    queueMicrotask(() => dispatchEvent(new PopStateEvent("popstate")));
  });
}
