// The menu of the room: what one does rarely.
import { Fragment, h } from "preact";
import { useRef } from "preact/hooks";
import type { Choice } from "../moderation.ts";
import type { RoomSession } from "../room-session.ts";
import { saveAsText } from "../save-text.ts";
import { Choices } from "./action-menu.tsx";
import { Icon } from "./icons.tsx";
import { moveFocus } from "./message-menu.tsx";

export function RoomMenu({ session, onNewRoom }: { session: RoomSession; onNewRoom: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const choices: Choice[] = [
    { label: "Save as text", run: () => void saveAsText(session) },
    { label: "Open a new room", run: onNewRoom },
  ];
  return (
    <>
      <button type="button" class="button" aria-label="More" title="More" aria-haspopup="menu" popovertarget="room-menu">
        <Icon name="more" />
      </button>
      <div
        ref={menu}
        id="room-menu"
        class="menu room-menu"
        role="menu"
        aria-label="Room actions"
        popover="auto"
        onToggle={(event) => event.newState === "open" && menu.current?.querySelector("button")?.focus()}
        onKeyDown={moveFocus}
      >
        <Choices choices={choices} role="menuitem" />
      </div>
    </>
  );
}
