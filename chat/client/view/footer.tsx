// The part under the conversation: typing members, notices, and the input or the text in its place. The input is only
// hidden then: it keeps what was being written.
import * as texts from "#texts/first.ts";
import { h } from "preact";
import { missing } from "../lazy.ts";
import type { RoomSession } from "../room-session.ts";
import { Composer } from "./composer.tsx";
import { Lazy } from "./lazy.tsx";
import { useValue } from "./use-value.ts";

export function Footer({ session }: { session: RoomSession }) {
  const connection = useValue(session.connection);
  const { loaded, items } = useValue(session.room.log);
  const lacking = useValue(missing);
  const muted = useValue(session.mutedUntil) !== undefined;
  const role = useValue(session.room.you)?.role;
  const locked = useValue(session.room.shared)?.locked && role !== "moderator";
  const silent = role === "reader" || muted || locked === true;
  // Otherwise the state of the connection is shown in the place of the messages.
  const below = loaded || items.length > 0;
  return (
    <div class="dock">
      <TypingLine session={session} />
      {lacking && connection.status === "connected" && <p class="notice">{texts.missingPart}</p>}
      {below && <Lazy>{({ Notices }) => <Notices session={session} />}</Lazy>}
      <Composer session={session} silent={silent} hidden={connection.status === "closed"} />
    </div>
  );
}

/**
 * Shows who is typing. It has its line also when nobody types, so that nothing jumps. Screen readers do not read it,
 * because it changes all the time.
 */
function TypingLine({ session }: { session: RoomSession }) {
  const someone = useValue(session.room.signals).length > 0;
  return (
    <p class="typing">
      {someone && <Lazy>{({ Typing }) => <Typing session={session} />}</Lazy>}
    </p>
  );
}
