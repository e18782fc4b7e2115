// Printing a conversation: all messages that are loaded, also those that are not on the page.
import type { RoomSession } from "./room-session.ts";

/** Draws all messages before they are printed. Returns how to stop that. */
export function drawToPrint({ drawnFrom }: RoomSession): () => void {
  const all = () => (drawnFrom.value = 0);
  addEventListener("beforeprint", all);
  return () => removeEventListener("beforeprint", all);
}
