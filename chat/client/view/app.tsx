// The whole page: one room at a time, in the colour of the person who looks at it.
import { type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { hueOf } from "../colour.ts";
import { displayName } from "../identity.ts";
import { roomTitle } from "../room-address.ts";
import { openRoom, pageVisible, type RoomSession } from "../room-session.ts";
import { tabTitle } from "../unread.ts";
import { Composer } from "./composer.tsx";
import { Header } from "./header.tsx";
import { MessageList } from "./message-list.tsx";
import { NoticeBar } from "./notice-bar.tsx";

export function App({ room, onNewRoom }: { room: ReadonlySignal<string>; onNewRoom: () => void }) {
  const hue = hueOf(displayName.value);
  useEffect(() => document.documentElement.style.setProperty("--me", String(hue)), [hue]);
  return <Room key={room.value} room={room.value} onNewRoom={onNewRoom} />;
}

function Room({ room, onNewRoom }: { room: string; onNewRoom: () => void }) {
  const session = useMemo(() => openRoom(room), [room]);
  useEffect(() => () => session.close(), [session]);
  const link = `${location.origin}/${room}`;
  return (
    <div class="room">
      <TabTitle room={room} session={session} />
      <Header room={room} link={link} session={session} onNewRoom={onNewRoom} />
      <main class="stage">
        <MessageList session={session} link={link} />
        <div class="dock">
          <NoticeBar session={session} />
          <Composer session={session} />
        </div>
      </main>
    </div>
  );
}

function TabTitle({ room, session }: { room: string; session: RoomSession }) {
  const title = tabTitle(roomTitle(room), pageVisible.value ? 0 : session.unread.value);
  useEffect(() => void (document.title = title), [title]);
  return null;
}
