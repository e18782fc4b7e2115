// The conversation: a log that screen readers follow, and that stays at its end for those who read there.
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isMine } from "../identity.ts";
import type { RoomSession } from "../room-session.ts";
import { rowsOf, type Row } from "../rows.ts";
import { followEnd } from "../scroll.ts";
import { clockOf } from "../time.ts";
import { EmptyRoom, Unreachable, Waiting } from "./before-messages.tsx";
import { Icon } from "./icons.tsx";
import { MessageItem } from "./message-item.tsx";

const clock = clockOf();
const HISTORY_SETTLES = 1000;

export function MessageList({ session, link }: { session: RoomSession; link: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (scroller.current && content.current) return followEnd(scroller.current, content.current, session.atEnd);
    return undefined;
  }, [session]);
  const { loaded } = session.conversation.value;
  const live = useLive(loaded);
  return (
    <div class="log-frame">
      <div
        ref={scroller}
        class="log"
        role="log"
        aria-label="Messages"
        aria-live={live ? "polite" : "off"}
        aria-relevant="additions"
        aria-busy={!loaded}
        tabIndex={0}
      >
        <div ref={content} class="column">
          <Conversation session={session} link={link} />
        </div>
      </div>
      <ToEnd session={session} log={scroller} />
    </div>
  );
}

/** The log speaks only of what comes after the history, which would otherwise be read out from its first line. */
function useLive(loaded: boolean): boolean {
  const live = useSignal(false);
  useEffect(() => {
    if (!loaded) return;
    const settled = setTimeout(() => (live.value = true), HISTORY_SETTLES);
    return () => clearTimeout(settled);
  }, [loaded]);
  return live.value;
}

function Conversation({ session, link }: { session: RoomSession; link: string }) {
  const conversation = session.conversation.value;
  const rows = rowsOf(conversation, { isMine, sameDay: clock.sameDay });
  if (rows.length > 0) return <>{rows.map((row) => <RowItem key={row.key} row={row} session={session} />)}</>;
  if (conversation.loaded) return <EmptyRoom link={link} session={session} />;
  const waiting = session.connection.value === "connecting" || session.connection.value === "connected";
  return waiting ? <Waiting /> : <Unreachable />;
}

function RowItem({ row, session }: { row: Row; session: RoomSession }) {
  switch (row.kind) {
    case "day":
      return <Separator text={clock.day(row.at, Date.now())} />;
    case "gap":
      return <Separator text="Some messages from while you were away are not shown" />;
    case "message":
      return <MessageItem row={row} clock={clock} session={session} />;
  }
}

function Separator({ text }: { text: string }) {
  return (
    <p class="separator">
      <span>{text}</span>
    </p>
  );
}

/** Leads a reader who has scrolled up back to the end, and tells what waits there. */
function ToEnd({ session, log }: { session: RoomSession; log: RefObject<HTMLElement | null> }) {
  if (session.atEnd.value) return null;
  const unread = session.unread.value;
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
