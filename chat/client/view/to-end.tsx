// The end of the conversation: a button that leads a reader who has scrolled up back there, and counts new messages;
// and what is read out when something comes.
import * as texts from "#texts/conversation.ts";
import { h, type RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import { newMessages } from "../mention-count.ts";
import { Icon } from "./icons.tsx";
import { useMentions } from "./use-mentions.ts";
import { useValue } from "./use-value.ts";

const PAGE_SETTLES = 1000;

type Log = RefObject<HTMLElement | null>;

export function ToEnd({ session, log }: { session: RoomSession; log: Log }) {
  const unread = useValue(session.reading.unread);
  const mentions = useMentions(session, unread, { after: session.reading.read() });
  useLive(session, log);
  if (useValue(session.atEnd)) return null;
  const go = () => {
    log.current?.focus(); // The button goes when it is used; the focus stays in the conversation.
    session.reading.catchUp();
    session.atEnd.value = true;
  };
  return (
    <button type="button" class="to-end" aria-label={unread ? undefined : texts.jumpToLatest} onClick={go}>
      {unread && newMessages(unread, mentions)}
      <Icon name="down" />
    </button>
  );
}

/**
 * The log speaks only of what comes after the pages of history, which would otherwise be read out from their first
 * line.
 */
function useLive({ room }: RoomSession, log: Log): void {
  const { loading } = useValue(room.log);
  useEffect(() => {
    const speak = (live: "off" | "polite") => log.current?.setAttribute("aria-live", live);
    if (loading) return;
    const settled = setTimeout(speak, PAGE_SETTLES, "polite");
    return () => (clearTimeout(settled), speak("off"));
  }, [loading]);
}
