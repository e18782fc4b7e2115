// The top of the page: which room this is, how the line to it is, and what one can do with the room.
import { useSignal } from "@preact/signals";
import { displayName } from "../identity.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { CopyLink } from "./copy-link.tsx";
import { Icon, Mark } from "./icons.tsx";
import { NameDialog } from "./name-dialog.tsx";

type HeaderProps = { room: string; link: string; session: RoomSession; onNewRoom: () => void };

export function Header({ room, link, session, onNewRoom }: HeaderProps) {
  return (
    <header class="top">
      <div class="top-inner">
        <span class="brand">
          <Mark />
          <span class="brand-word">party</span>
        </span>
        <div class="where">
          <h1 class="room-name" title={roomTitle(room)}>
            <bdi>{roomTitle(room)}</bdi>
          </h1>
          <ConnectionStatus state={session.connection.value} />
        </div>
        <nav class="tools" aria-label="Room">
          <NewRoom onNewRoom={onNewRoom} />
          <CopyLink link={link} session={session} label="Copy link" />
          <YourName />
        </nav>
      </div>
    </header>
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

function YourName() {
  const editing = useSignal(false);
  return (
    <>
      <button
        type="button"
        class="button you"
        aria-label={`Your name: ${displayName.value}`}
        aria-haspopup="dialog"
        onClick={() => (editing.value = true)}
      >
        <Avatar name={displayName.value} />
        <bdi class="button-text you-name">{displayName.value}</bdi>
      </button>
      {editing.value && <NameDialog onClose={() => (editing.value = false)} />}
    </>
  );
}
