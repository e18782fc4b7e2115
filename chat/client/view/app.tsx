// The whole page: one room at a time, in the colour of the person who looks at it.
import type { Observable } from "party-client";
import { Fragment, h } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { hueOf } from "../colour.ts";
import { roomTitle } from "../room-address.ts";
import { pageVisible, type RoomSession } from "../room-session.ts";
import { tabTitle } from "../unread.ts";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Lazy } from "./lazy.tsx";
import { MessageList } from "./message-list.tsx";
import { useValue } from "./use-value.ts";

export function App({ session, onNewRoom }: { session: Observable<RoomSession>; onNewRoom: () => void }) {
  const current = useValue(session);
  return <Room key={current} session={current} onNewRoom={onNewRoom} />;
}

function Room({ session, onNewRoom }: { session: RoomSession; onNewRoom: () => void }) {
  const { name: room } = session;
  const link = `${location.origin}/${room}`;
  return (
    <div class="room">
      <OwnColour session={session} />
      <TabTitle room={room} session={session} />
      <Header room={room} link={link} session={session} onNewRoom={onNewRoom} />
      <main class="stage">
        <MessageList session={session} link={link} />
        <Footer session={session} />
        <Asked session={session} />
      </main>
    </div>
  );
}

/** What opens over the conversation. */
function Asked({ session }: { session: RoomSession }) {
  const [menu, question] = [useValue(session.menu), useValue(session.question)];
  return (
    <>
      {menu && <Lazy>{({ MessageMenu }) => <MessageMenu session={session} asked={menu} />}</Lazy>}
      {question && <Lazy>{({ QuestionDialog }) => <QuestionDialog session={session} question={question} />}</Lazy>}
    </>
  );
}

function OwnColour({ session }: { session: RoomSession }) {
  const member = useValue(session.room.you)?.member;
  // Before all is drawn in it, and not once more afterwards.
  useLayoutEffect(() => {
    if (member !== undefined) document.documentElement.style.setProperty("--me", String(hueOf(member)));
  }, [member]);
  return null;
}

function TabTitle({ room, session }: { room: string; session: RoomSession }) {
  const unread = useValue(session.unread);
  const visible = useValue(pageVisible);
  const title = tabTitle(roomTitle(room), visible ? 0 : unread);
  useEffect(() => void (document.title = title), [title]);
  return null;
}
