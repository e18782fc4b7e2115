// The menu of the room: what one does with it now and then.
import * as texts from "#texts/room.ts";
import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import { saveAsText } from "../save-text.ts";
import { AboutRoom } from "./about-room.tsx";
import { openNotifications } from "./bell.tsx";
import { Icon } from "./icons.tsx";
import { MyRoomsDialog } from "./my-rooms.tsx";
import { useValue } from "./use-value.ts";

type RoomMenuProps = { session: RoomSession; onNewRoom: () => void; onRoom: (room: string) => void };

export function RoomMenu({ session, onNewRoom, onRoom }: RoomMenuProps) {
  const [open, setOpen] = useState<"about" | "rooms" | undefined>(undefined);
  const moderates = useValue(session.room.you)?.role === "moderator";
  const close = () => setOpen(undefined);
  const choose = (event: MouseEvent & { currentTarget: HTMLElement }, run: () => void) => {
    event.currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
    run();
  };
  const enterNew = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // In another tab; the browser knows how.
    event.preventDefault();
    choose(event, onNewRoom);
  };
  return (
    <>
      <button type="button" class="button" aria-label={texts.roomMenu} title={texts.roomMenu} popovertarget="room-menu">
        <Icon name="more" />
      </button>
      <nav id="room-menu" class="people room-menu" popover="auto" aria-label={texts.roomMenu}>
        <button type="button" class="choice" onClick={(event) => choose(event, () => setOpen("about"))}>
          {moderates ? texts.roomSettings : texts.aboutThisRoom}
        </button>
        <button type="button" class="choice" onClick={(event) => choose(event, openNotifications)}>
          {texts.notifications}
        </button>
        <button type="button" class="choice" onClick={(event) => choose(event, () => void saveAsText(session))}>
          {texts.saveAsText}
        </button>
        <button type="button" class="choice" onClick={(event) => choose(event, () => setOpen("rooms"))}>
          {texts.myRooms}
        </button>
        <a class="choice" href="/" onClick={enterNew}>
          {texts.newRoom}
        </a>
      </nav>
      {open === "about" && <AboutRoom session={session} onClose={close} />}
      {open === "rooms" && <MyRoomsDialog here={session.name} onRoom={onRoom} onClose={close} />}
    </>
  );
}
