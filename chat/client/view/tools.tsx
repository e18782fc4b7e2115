// The actions on the room, and its members: the part of the header that is fetched after the first message.
import { Fragment, h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { Bell } from "./bell.tsx";
import { CopyLink } from "./copy-link.tsx";
import { Icon } from "./icons.tsx";
import { People } from "./people.tsx";

type ToolsProps = { link: string; session: RoomSession; onNewRoom: () => void };

export function Tools({ link, session, onNewRoom }: ToolsProps) {
  return (
    <>
      <People session={session} />
      <Bell />
      <NewRoom onNewRoom={onNewRoom} />
      <CopyLink link={link} session={session} label="Copy link" />
    </>
  );
}

function NewRoom({ onNewRoom }: { onNewRoom: () => void }) {
  const enter = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // The reader wants it in another tab; the browser knows how.
    event.preventDefault();
    onNewRoom();
  };
  return (
    <a class="button" href="/" aria-label="New room" onClick={enter}>
      <Icon name="plus" />
      <span class="button-text">New room</span>
    </a>
  );
}
