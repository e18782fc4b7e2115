// Leading the reader to a message, also to one that is not loaded yet.
import { drawFrom } from "./drawn.ts";
import type { RoomSession } from "./room-session.ts";

/** The number of older pages that are loaded for it. */
const MOST_PAGES = 40;

/** Brings the message into view, and marks it for a moment. */
export async function jumpTo(session: RoomSession, seq: number): Promise<void> {
  const { room, atEnd, notice } = session;
  const first = () => room.log.value.items[0]?.seq ?? Infinity;
  for (let pages = 0; pages < MOST_PAGES && first() > seq && room.log.value.older; pages++) {
    const before = first();
    await room.loadOlder();
    if (first() === before) break; // The room has refused it, or the log has begun again.
  }
  const item = room.log.value.items.find((item) => item.seq === seq);
  if (!item?.body) {
    notice.value = { text: first() > seq ? "The message is too far back to be shown here." : "The message was deleted." };
    return;
  }
  drawFrom(session, seq);
  await new Promise(requestAnimationFrame); // The rows that have just come are on the page then.
  const message = document.querySelector<HTMLElement>(`[data-id="${CSS.escape(item.id)}"]`);
  if (!message) return;
  atEnd.value = false;
  message.scrollIntoView({ block: "center", behavior: isNear(message) ? "smooth" : "instant" });
  message.classList.add("found");
  message.addEventListener("animationend", () => message.classList.remove("found"), { once: true });
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
}

/** Returns whether the way is so short that the eye can follow, for those who like that. */
function isNear(message: Element): boolean {
  return Math.abs(message.getBoundingClientRect().top) < 2 * innerHeight && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
