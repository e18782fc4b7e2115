// The top of the page: which room this is, how the connection to it is, who is here, and what one can do with the room.
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { displayName } from "../identity.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { CopyLink } from "./copy-link.tsx";
import { Icon, Mark } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { useValue } from "./use-value.ts";

type HeaderProps = { room: string; link: string; session: RoomSession; onNewRoom: () => void };

export function Header({ room, link, session, onNewRoom }: HeaderProps) {
  const { status } = useValue(session.connection);
  const { count: here } = useValue(session.room.presence);
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
          <ConnectionStatus status={status} />
        </div>
        <nav class="tools" aria-label="Room">
          {here > 0 && <Lazy>{({ People }) => <People session={session} />}</Lazy>}
          <NewRoom onNewRoom={onNewRoom} />
          <CopyLink link={link} session={session} label="Copy link" />
          <YourName session={session} />
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

function YourName({ session }: { session: RoomSession }) {
  const [choosing, setChoosing] = useState(false);
  const name = useValue(displayName);
  const member = useValue(session.room.you)?.member;
  return (
    <>
      <button type="button" class="button you" aria-label={`Your name: ${name}`} aria-haspopup="dialog" onClick={() => setChoosing(true)}>
        <Avatar name={name} member={member} />
        <bdi class="button-text you-name">{name}</bdi>
      </button>
      {choosing && <Lazy>{({ NameDialog }) => <NameDialog member={member} onClose={() => setChoosing(false)} />}</Lazy>}
    </>
  );
}
