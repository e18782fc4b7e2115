// The notices above the input: no connection, too much at once, the last event, and that the reader may
// not write.
import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { connectionText } from "../texts.ts";
import { silence } from "../texts.ts";
import type { RoomSession } from "../room-session.ts";
import { sameDay } from "../same-day.ts";
import { clock } from "../time.ts";
import { Closed } from "./closed.tsx";
import { Icon } from "./icons.tsx";
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

/** Discards a change whose message is deleted: there is nothing to try again. */
function dropLost({ room, notice }: RoomSession): void {
  const gone = room.outbox.value.find(({ error }) => error?.code === "not_found");
  if (!gone) return;
  room.discard(gone.frame.id);
  if (gone.frame.type === "edit") notice.value = { text: "The message was deleted before it could be changed." };
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
  const slowed = asked && status === "connected";
  const [late, setLate] = useState(false);
  useEffect(() => {
    const over = setTimeout(() => setLate(slowed), slowed ? PATIENCE : 0);
    return () => clearTimeout(over);
  }, [slowed]);
  return late && slowed ? <p class="notice">Slow down a little: your message is sent in a moment.</p> : null;
}

const UNKEPT = "This browser cannot store your message: leave this page open until it is sent.";

/** Warns that waiting messages are lost with the page where the browser does not store them. */
function Unkept({ session: { room, connection, slowed } }: { session: RoomSession }) {
  const [{ length }, { status }, slow] = [useValue(room.outbox), useValue(connection), useValue(slowed)];
  const waits = length > 0 && (slow || status !== "connected");
  return useValue(room.unkept) && waits ? <p class="notice">{UNKEPT}</p> : null;
}

function NoticeBar({ session }: { session: RoomSession }) {
  const notice = useValue(session.notice);
  if (!notice) return null;
  const { text, action } = notice;
  return (
    <div class="notice" role="alert">
      <p>{text}</p>
      {action && (
        <button type="button" class="text-button" onClick={action.run}>
          {action.label}
        </button>
      )}
      <button type="button" class="button" aria-label="Dismiss" onClick={() => (session.notice.value = undefined)}>
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
  const text = silence(useValue(session.room.you), useValue(session.mutedUntil), time);
  return text === undefined ? null : (
    <p class="notice" role="status">
      {text}
    </p>
  );
}
