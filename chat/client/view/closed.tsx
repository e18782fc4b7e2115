// The room has closed the line for good: why, and the way back.
import type { State } from "party-client";
import { h } from "preact";
import { closing } from "../texts.ts";
import type { RoomSession } from "../room-session.ts";

export function Closed({ session, line }: { session: RoomSession; line: State & { status: "closed" } }) {
  const { title, text, again } = closing(line.code, line.reason);
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
