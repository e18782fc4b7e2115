// The room has closed the connection: why, and the way back.
import * as texts from "#texts/notices.ts";
import type { State } from "party-client";
import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { invitationIn } from "../invitation.ts";
import { closing } from "../sentences.ts";
import type { RoomSession } from "../room-session.ts";
import { TextOfRoom } from "./reason.tsx";

function hasWritten({ draft, room }: RoomSession): boolean {
  return draft.value.text !== "" || draft.value.edit !== undefined || room.outbox.value.length > 0;
}

export function Closed({ session, connection }: { session: RoomSession; connection: State & { status: "closed" } }) {
  const { title, text, again, still, reason } = closing(connection.code, connection.reason);
  // The state in which it was tried: it stays until the room has answered.
  const [tried, setTried] = useState<State>();
  const trying = tried === connection;
  const join = () => {
    setTried(connection);
    session.room.connect();
  };
  // A link with an invitation, pasted over the address of this page, loads nothing.
  useEffect(() => {
    const look = () => invitationIn(location.hash) !== undefined && join();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  });
  return (
    <section class="closed" role="alert">
      <h2>{title}</h2>
      <p>
        {reason ? <TextOfRoom text={reason} /> : text} {hasWritten(session) && texts.writtenIsKept}
      </p>
      {tried && !trying && still && <p>{still}</p>}
      <button type="button" class="button primary" aria-disabled={trying} onClick={() => trying || join()}>
        {trying ? texts.joining : again}
      </button>
    </section>
  );
}
