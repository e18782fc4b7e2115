// The top of the page: the room's name, the state of the connection, the members, and the actions on the room.
import * as texts from "#texts/first.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import { displayName } from "../identity.ts";
import { isolated } from "../isolated.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar } from "./avatar.tsx";
import { ConnectionStatus } from "./connection-status.tsx";
import { Mark } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { useValue } from "./use-value.ts";

type HeaderProps = { link: string; session: RoomSession; onNewRoom: () => void; onRoom: (room: string) => void };

export function Header({ link, session, onNewRoom, onRoom }: HeaderProps) {
  const { name, topic } = useValue(session.room.shared) ?? {};
  const title = name || roomTitle(session.name);
  const { status } = useValue(session.connection);
  const you = useValue(session.room.you);
  return (
    <header class="top">
      <div class="top-inner">
        <span class="brand">
          <Mark />
          <span class="brand-word">party</span>
        </span>
        <div class="where">
          <h1 class="room-name" dir="auto" title={title}>
            {title}
          </h1>
          {topic && status === "connected" && (
            <p class="topic" dir="auto" title={topic}>
              {topic}
            </p>
          )}
          <ConnectionStatus status={status} />
        </div>
        <nav class="tools" aria-label={texts.roomTools}>
          {you && <Lazy>{({ Tools }) => <Tools {...{ link, session, onNewRoom, onRoom }} />}</Lazy>}
          <YourName member={you?.member} />
        </nav>
      </div>
    </header>
  );
}

function YourName({ member }: { member: string | undefined }) {
  const [choosing, setChoosing] = useState(false);
  const name = useValue(displayName);
  return (
    <>
      <button type="button" class="button you" aria-label={texts.yourName(isolated(name))} aria-haspopup="dialog" onClick={() => setChoosing(true)}>
        <Avatar name={name} member={member} />
        <bdi class="button-text you-name">{name}</bdi>
      </button>
      {choosing && <Lazy>{({ NameDialog }) => <NameDialog member={member} onClose={() => setChoosing(false)} />}</Lazy>}
    </>
  );
}
