// The conversation on paper: all of it, and not only what is drawn on the page.
import type { RoomSession } from "./room-session.ts";

/** Draws all messages before they are printed. Returns how to stop that. */
export function onPrint({ drawnFrom }: RoomSession): () => void {
  const all = () => (drawnFrom.value = 0);
  addEventListener("beforeprint", all);
  return () => removeEventListener("beforeprint", all);
}
