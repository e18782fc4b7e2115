// The room has closed the connection: why, and the way back.
import type { State } from "party-client";
import { h } from "preact";
import { closing } from "../texts.ts";
import type { RoomSession } from "../room-session.ts";

export function Closed({ session, connection }: { session: RoomSession; connection: State & { status: "closed" } }) {
  const { title, text, again } = closing(connection.code, connection.reason);
  return (
    <section class="closed" role="alert">
      <h2>{title}</h2>
      <p>{text} What you have written is kept.</p>
      <button type="button" class="button primary" onClick={() => session.room.connect()}>
        {again}
      </button>
    </section>
  );
}
