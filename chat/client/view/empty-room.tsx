// A room in which nobody has written yet.
import { h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Mark } from "./icons.tsx";

export function EmptyRoom({ link, session }: { link: string; session: RoomSession }) {
  return (
    <section class="blank">
      <Mark />
      <h2>Nobody has written here yet</h2>
      <p>Send this link to the people you want to talk to. Everyone with the link can read and write.</p>
      <p class="address">{link}</p>
      <CopyLink link={link} session={session} label="Copy invite link" prominent />
    </section>
  );
}
