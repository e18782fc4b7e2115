// Leading the reader to a message, also to one that is not loaded yet.
import * as texts from "#texts/conversation.ts";
import { finding } from "./finding.ts";
import type { RoomSession } from "./room-session.ts";
import type { ChatRoom } from "./room-types.ts";

/** The number of older pages that are loaded for it. */
const MOST_PAGES = 40;

/** The most messages of a page. */
const PAGE = 100;

/** The number of frames in which the rows come that were just loaded. */
const MOST_FRAMES = 30;

/**
 * Brings the message into view, and marks it for a moment. One that is too far back is shown in the search panel, with
 * its neighbours. `smoothly`: the reader sees the way, if it is short.
 */
export async function jumpTo(session: RoomSession, seq: number, smoothly = true): Promise<void> {
  const { room, atEnd, drawnFrom, notice } = session;
  const first = () => firstOf(room);
  const most = isFar(room, seq) ? 0 : MOST_PAGES;
  for (let pages = 0; pages < most && first() > seq && room.log.value.older; pages++) {
    const before = first();
    await room.loadOlder();
    if (first() === before) break; // The room has refused it, or the log has begun again.
  }
  if (first() > seq && room.log.value.older) return void (finding.value = { seq });
  const item = room.log.value.items.find((item) => item.seq === seq);
  drawnFrom.value = Math.min(drawnFrom.value, seq);
  const message = item?.body && (await rowOf(item.id));
  if (!message) return void (notice.value = { text: texts.messageGone });
  atEnd.value = false;
  message.scrollIntoView({ block: "center", behavior: smoothly && isNear(message) ? "smooth" : "instant" });
  message.classList.add("found");
  message.addEventListener("animationend", () => message.classList.remove("found"), { once: true });
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
}

/** Returns whether the message is so far back that it is not worth the while to load all that has come since. */
export function isFar(room: ChatRoom, seq: number): boolean {
  return room.log.value.older && firstOf(room) - seq > MOST_PAGES * PAGE;
}

/** Returns the place of the first message that is loaded. */
function firstOf(room: ChatRoom): number {
  return room.log.value.items[0]?.seq ?? Infinity;
}

/** Returns a message on the page, once the rows that have just come are drawn. */
async function rowOf(id: string): Promise<HTMLElement | null> {
  for (let frames = 0; frames < MOST_FRAMES; frames++) {
    await new Promise(requestAnimationFrame);
    const row = document.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    if (row) return row;
  }
  return null;
}

/** Returns whether the way is so short that the eye can follow, for those who like that. */
function isNear(message: Element): boolean {
  return Math.abs(message.getBoundingClientRect().top) < 2 * innerHeight && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
