// What stands in the place of the conversation while there is none to show.
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Mark } from "./icons.tsx";

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

/** The history is on its way. Shown late, for it is mostly here before anybody could look. */
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

/** The room does not answer, and has not done so since the page was opened. */
export function Unreachable() {
  return (
    <section class="blank">
      <Mark />
      <h2>The room does not answer yet</h2>
      <p>We keep trying. You can already write: what you send goes out as soon as it is back.</p>
    </section>
  );
}
