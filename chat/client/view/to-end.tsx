// Leads a reader who has scrolled up back to the end, and tells what waits there.
import { h, type RefObject } from "preact";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function ToEnd({ session, log }: { session: RoomSession; log: RefObject<HTMLElement | null> }) {
  const unread = useValue(session.unread);
  const go = () => {
    log.current?.focus(); // The button goes when it is used; the focus stays in the conversation.
    session.atEnd.value = true;
  };
  return (
    <button type="button" class="to-end" aria-label={unread > 0 ? undefined : "Jump to the latest"} onClick={go}>
      {unread > 0 && `${unread} new ${unread === 1 ? "message" : "messages"}`}
      <Icon name="down" />
    </button>
  );
}
