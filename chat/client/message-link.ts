// Links to one message: the address of its room, with `#m=` and its place in the room.
import { jumpTo } from "./jump.ts";
import type { RoomSession } from "./room-session.ts";

/** Returns the address of a message. */
export function messageLink(room: string, seq: number): string {
  return `${location.origin}/${room}#m=${seq}`;
}

/** Returns the place of the message that an address leads to. */
export function linkedMessage(hash: string): number | undefined {
  const seq = Number(/^#m=([1-9]\d{0,15})$/.exec(hash)?.[1]);
  return Number.isSafeInteger(seq) ? seq : undefined;
}

/** Leads to the message that the address names: now, and whenever it changes. Returns how to stop that. */
export function followLinks(session: RoomSession): () => void {
  let stopped = false;
  const lead = async () => {
    const seq = linkedMessage(location.hash);
    if (seq === undefined) return;
    await loaded(session);
    if (stopped) return;
    // It leads there once: who loads the page again is where they have read.
    history.replaceState(history.state, "", location.pathname + location.search);
    // At once: on a page that is still growing, a way that takes its time is broken off.
    await jumpTo(session, seq, false);
  };
  const look = () => void lead();
  addEventListener("hashchange", look);
  look();
  return () => {
    stopped = true;
    removeEventListener("hashchange", look);
  };
}

/** Waits for the first page of the history. */
function loaded({ room }: RoomSession): Promise<void> {
  return new Promise((resolve) => {
    const stop = room.log.subscribe(({ loaded }) => {
      if (!loaded) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}
