// What stands under the conversation: who is typing, what the reader should know, and the input or what has taken its place.
import { useEffect, useState } from "preact/hooks";
import { lineText, mutedUntil, silence } from "../notices.ts";
import { typingText } from "../people.ts";
import type { RoomSession } from "../room-session.ts";
import { clock } from "../time.ts";
import { Closed } from "./before-messages.tsx";
import { Composer } from "./composer.tsx";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function Dock({ session }: { session: RoomSession }) {
  const line = useValue(session.line);
  const { loaded } = useValue(session.room.log);
  const silent = useSilence(session);
  return (
    <div class="dock">
      <Typing session={session} />
      {loaded && <LineDown session={session} />}
      <Slow session={session} />
      <NoticeBar session={session} />
      {silent !== undefined && (
        <p class="notice" role="status">
          {silent}
        </p>
      )}
      {line.status !== "closed" ? (
        <Composer session={session} silent={silent !== undefined} />
      ) : (
        loaded && <Closed session={session} line={line} />
      )}
    </div>
  );
}

/** It has its line also when nobody types, so that nothing jumps; and it is not read out, for it would never be still. */
function Typing({ session: { room } }: { session: RoomSession }) {
  const text = typingText(useValue(room.signals), useValue(room.presence), useValue(room.you)?.member);
  return (
    <p class="typing" dir="auto">
      {text}
    </p>
  );
}

function LineDown({ session }: { session: RoomSession }) {
  const text = lineText(useValue(session.line), useValue(session.trouble));
  return text === undefined ? null : <p class="notice">{text}</p>;
}

const PATIENCE = 700;

/** The room takes only so much at once, and what is beyond that goes out a little later. A moment of that is nobody's trouble. */
function Slow({ session }: { session: RoomSession }) {
  const [asked, { status }] = [useValue(session.slowed), useValue(session.line)];
  const slowed = asked && status === "connected";
  const [late, setLate] = useState(false);
  useEffect(() => {
    const over = setTimeout(() => setLate(slowed), slowed ? PATIENCE : 0);
    return () => clearTimeout(over);
  }, [slowed]);
  return late && slowed ? <p class="notice">Slow down a little: what you wrote goes out in a moment.</p> : null;
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

const LONGEST_TIMER = 2 ** 31 - 1;

/** Why the reader may not write. Nobody tells us when that is over, so we look at the clock. */
function useSilence({ room }: RoomSession): string | undefined {
  const you = useValue(room.you);
  const [, lookAgain] = useState({});
  const now = Date.now();
  const until = mutedUntil(you, now);
  useEffect(() => {
    if (until === undefined) return;
    const over = setTimeout(() => lookAgain({}), Math.min(until - now, LONGEST_TIMER));
    return () => clearTimeout(over);
  }, [until]);
  return silence(you, now, (at) => (clock.sameDay(at, now) ? clock.time(at) : clock.full(at)));
}
