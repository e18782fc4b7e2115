// The actions on the room, and its members: the part of the header that is fetched after the first message.
import { Fragment, h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { CopyLink } from "./copy-link.tsx";
import { Icon } from "./icons.tsx";
import { People } from "./people.tsx";
import { RoomMenu } from "./room-menu.tsx";
import { SearchButton } from "./search-button.tsx";

type ToolsProps = { link: string; session: RoomSession; onNewRoom: () => void };

export function Tools({ link, session, onNewRoom }: ToolsProps) {
  return (
    <>
      <People session={session} />
      <SearchButton session={session} />
      <NewRoom onNewRoom={onNewRoom} />
      <CopyLink link={link} session={session} label="Copy link" />
      <RoomMenu session={session} onNewRoom={onNewRoom} />
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
    <a class="button new-room" href="/" aria-label="New room" title="New room" onClick={enter}>
      <Icon name="plus" />
    </a>
  );
}
