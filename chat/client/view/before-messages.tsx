// What stands in the place of the conversation while there is none to show.
import type { State } from "party-client";
import { closing, lineText } from "../notices.ts";
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Mark } from "./icons.tsx";
import { useValue } from "./use-value.ts";

/** A room in which nobody has written yet. */
export function EmptyRoom({ link, session }: { link: string; session: RoomSession }) {
  return (
    <section class="blank">
      <Mark />
      <h2>Nobody has written here yet</h2>
      <p>Send this link to the people you want to talk to. Whoever has it can read along and write.</p>
      <p class="address">{link}</p>
      <CopyLink link={link} session={session} label="Copy invite link" prominent />
    </section>
  );
}

/** The messages have not come yet. */
export function NotLoaded({ session }: { session: RoomSession }) {
  const line = useValue(session.line);
  const text = lineText(line, useValue(session.trouble));
  if (line.status === "closed") {
    return (
      <div class="blank">
        <Mark />
        <Closed session={session} line={line} />
      </div>
    );
  }
  if (text === undefined) return <Waiting />;
  return (
    <section class="blank">
      <Mark />
      <h2>{line.status === "offline" ? "You are offline" : "The room does not answer yet"}</h2>
      <p>{session.trouble.value ? text : "We keep trying. You can already write: what you send goes out as soon as it is back."}</p>
    </section>
  );
}

/** Shown late, for they are mostly here before anybody could look. */
export function Waiting() {
  return (
    <div class="waiting">
      <p class="visually-hidden">Loading messages…</p>
      <span class="ghost" />
      <span class="ghost" />
      <span class="ghost" />
    </div>
  );
}

/** The room has closed the line for good. */
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
