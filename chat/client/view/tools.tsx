// The actions on the room, and its members: the part of the header that is fetched after the first message.
import * as texts from "#texts/room.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import { Bell } from "./bell.tsx";
import { Icon } from "./icons.tsx";
import { Invite } from "./invite.tsx";
import { People } from "./people.tsx";
import { RoomMenu } from "./room-menu.tsx";
import { SearchButton } from "./search-button.tsx";

type ToolsProps = { link: string; session: RoomSession; onNewRoom: () => void; onRoom: (room: string) => void };

export function Tools({ link, session, onNewRoom, onRoom }: ToolsProps) {
  const [inviting, setInviting] = useState(false);
  return (
    <>
      <People session={session} />
      <SearchButton session={session} />
      <Bell />
      <button type="button" class="button" aria-label={texts.invite} onClick={() => setInviting(true)}>
        <Icon name="share" />
        <span class="button-text">{texts.invite}</span>
      </button>
      <RoomMenu session={session} onNewRoom={onNewRoom} onRoom={onRoom} />
      {inviting && <Invite session={session} link={link} onClose={() => setInviting(false)} />}
    </>
  );
}
