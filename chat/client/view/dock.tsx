// What stands under the conversation: who is typing, what the reader should know, and the input or what has taken its place. The input
// is only hidden then: it keeps what was being written.
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { missing } from "../later.ts";
import { mutedUntil } from "../notices.ts";
import type { RoomSession } from "../room-session.ts";
import { Composer } from "./composer.tsx";
import { Later } from "./later.tsx";
import { useValue } from "./use-value.ts";

export function Dock({ session }: { session: RoomSession }) {
  const line = useValue(session.line);
  const { loaded, items } = useValue(session.room.log);
  const lacking = useValue(missing);
  const silent = useSilent(session);
  const connected = line.status === "connected";
  // Otherwise it stands in the place of the messages how the line is.
  const below = loaded || items.length > 0;
  const told = [useValue(session.notice), useValue(session.slowed), silent, below && !connected].some(Boolean);
  return (
    <div class="dock">
      <TypingLine session={session} />
      {lacking && connected && <p class="notice">{MISSING}</p>}
      {told && <Later>{({ Notices }) => <Notices session={session} />}</Later>}
      <Composer session={session} silent={silent} hidden={line.status === "closed"} />
      {below && line.status === "closed" && <Later>{({ Closed }) => <Closed session={session} line={line} />}</Later>}
    </div>
  );
}

/** It has its line also when nobody types, so that nothing jumps; and it is not read out, for it would never be still. */
function TypingLine({ session }: { session: RoomSession }) {
  const someone = useValue(session.room.signals).length > 0;
  return (
    <p class="typing" dir="auto">
      {someone && <Later>{({ Typing }) => <Typing session={session} />}</Later>}
    </p>
  );
}

const MISSING = "A part of this page could not be loaded. If this does not go away, load the page anew.";

const LONGEST_TIMER = 2 ** 31 - 1;

/** May the reader not write? Nobody tells us when that is over, so we look at the clock. */
function useSilent({ room }: RoomSession): boolean {
  const you = useValue(room.you);
  const [, lookAgain] = useState({});
  const now = Date.now();
  const until = mutedUntil(you, now);
  useEffect(() => {
    if (until === undefined) return;
    const over = setTimeout(() => lookAgain({}), Math.min(until - now, LONGEST_TIMER));
    return () => clearTimeout(over);
  }, [until]);
  return you?.role === "reader" || until !== undefined;
}
