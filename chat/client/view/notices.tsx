// The notices above the input: no connection, too much at once, the last event, and that the reader may
// not write.
import * as texts from "#texts/conversation.ts";
import * as notices from "#texts/notices.ts";
import { Fragment, h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { interval } from "../about.ts";
import { connectionText, silence } from "../sentences.ts";
import type { RoomSession } from "../room-session.ts";
import { sameDay } from "../same-day.ts";
import { takeBackAsMessage } from "../take-back.ts";
import { clock } from "../time.ts";
import { guard, wasLeft } from "../unkept.ts";
import { Closed } from "./closed.tsx";
import { Icon } from "./icons.tsx";
import { Reason } from "./reason.tsx";
import { useValue } from "./use-value.ts";

export function Notices({ session }: { session: RoomSession }) {
  useEffect(() => session.room.outbox.subscribe(() => dropLost(session)), [session]);
  return (
    <>
      <LineDown session={session} />
      <Slow session={session} />
      <Unkept session={session} />
      <NoticeBar session={session} />
      <Silence session={session} />
      <Ended session={session} />
    </>
  );
}

/** Discards a change whose message is deleted: there is nothing to try again. A message that lacks its file stays. */
function dropLost(session: RoomSession): void {
  const { room, notice } = session;
  const gone = room.outbox.value.find(({ frame, error }) => error?.code === "not_found" && frame.type !== "append");
  if (!gone) return;
  const { frame } = gone;
  room.discard(frame.id);
  if (frame.type !== "edit") return;
  const { content } = frame.body;
  const run = () => (takeBackAsMessage(session, content), (notice.value = undefined));
  notice.value = { text: texts.deletedBeforeChange, action: { label: texts.keepTheText, run } };
}

function LineDown({ session }: { session: RoomSession }) {
  const [{ loaded, items }, connection, trouble] = [useValue(session.room.log), useValue(session.connection), useValue(session.trouble)];
  const text = loaded || items.length > 0 ? connectionText(connection, trouble) : undefined;
  return text === undefined ? null : <p class="notice">{text}</p>;
}

const PATIENCE = 700;

/** Shows that the room accepts only a certain rate, and the rest is sent a little later. A short delay is not shown. */
function Slow({ session }: { session: RoomSession }) {
  const [asked, { status }] = [useValue(session.slowed), useValue(session.connection)];
  const seconds = useValue(session.room.shared)?.slowMode;
  const slowed = asked && status === "connected";
  const [late, setLate] = useState(false);
  useEffect(() => {
    const over = setTimeout(() => setLate(slowed), slowed ? PATIENCE : 0);
    return () => clearTimeout(over);
  }, [slowed]);
  if (!late || !slowed) return null;
  if (seconds) return <p class="notice">{notices.slowModeWaits(interval(seconds))}</p>;
  return <p class="notice">{notices.slowDown}</p>;
}

/**
 * Warns that waiting messages are lost with the page where the browser does not store them, and says that some were.
 */
function Unkept({ session: { name, room, connection, slowed, notice } }: { session: RoomSession }) {
  const [{ length }, { status }, slow] = [useValue(room.outbox), useValue(connection), useValue(slowed)];
  const unkept = useValue(room.unkept) && length > 0;
  useEffect(() => {
    if (wasLeft(name)) notice.value = { text: notices.someAreLost };
  }, []);
  useEffect(() => (unkept ? guard(name) : undefined), [unkept]);
  return unkept && (slow || status !== "connected") ? <p class="notice">{length > 1 ? notices.notAllStored : notices.notStored}</p> : null;
}

/** How long a confirmation is shown, unless it is pointed at or has the focus; and one that can be taken back. */
const SHOWN = 8000;
const SHOWN_WITH_ACTION = 20_000;

function NoticeBar({ session }: { session: RoomSession }) {
  const notice = useValue(session.notice);
  const bar = useRef<HTMLDivElement>(null);
  const dismiss = () => (session.notice.value = undefined);
  useEffect(() => {
    if (!notice?.done) return;
    const time = notice.action ? SHOWN_WITH_ACTION : SHOWN;
    const look = () => {
      if (bar.current?.matches(":hover, :focus-within")) over = setTimeout(look, time);
      else dismiss();
    };
    let over = setTimeout(look, time);
    return () => clearTimeout(over);
  }, [notice]);
  if (!notice) return null;
  const { text, error, about, done, action } = notice;
  return (
    <div ref={bar} class="notice" role={done ? "status" : "alert"}>
      <p>
        {text} {error && <Reason error={error} about={about} />}
      </p>
      {action && (
        <button type="button" class="text-button" onClick={action.run}>
          {action.label}
        </button>
      )}
      <button type="button" class="button" aria-label={notices.dismiss} onClick={dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function Ended({ session }: { session: RoomSession }) {
  const connection = useValue(session.connection);
  return connection.status === "closed" ? <Closed session={session} connection={connection} /> : null;
}

function Silence({ session }: { session: RoomSession }) {
  // As the clock says that the reader sees.
  const [now, wrong] = [Date.now(), Date.now() - session.room.now()];
  const time = (at: number) => (sameDay(at + wrong, now) ? clock.time(at + wrong) : clock.full(at + wrong));
  const text = silence(useValue(session.room.you), useValue(session.room.shared)?.locked, useValue(session.mutedUntil), time);
  return text === undefined ? null : (
    <p class="notice" role="status">
      {text}
    </p>
  );
}
