// The whole page: one room at a time, in the colour of the person who looks at it.
import type { Observable } from "party-client";
import { h } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { hueOf } from "../colour.ts";
import { inviteLink } from "../invitation.ts";
import type { RoomSession } from "../room-session.ts";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Lazy } from "./lazy.tsx";
import { MessageList } from "./message-list.tsx";
import { useValue } from "./use-value.ts";

type Ways = { onNewRoom: () => void; onRoom: (room: string) => void };

export function App({ session, ...ways }: { session: Observable<RoomSession> } & Ways) {
  const current = useValue(session);
  return <Room key={current} session={current} {...ways} />;
}

function Room({ session, onNewRoom, onRoom }: { session: RoomSession } & Ways) {
  const { name, room } = session;
  const link = inviteLink(name, useValue(room.shared)?.invitation);
  const member = useValue(room.you)?.member;
  // Before all is drawn in it, and not once more afterwards.
  useLayoutEffect(() => {
    if (member !== undefined) document.documentElement.style.setProperty("--me", String(hueOf(member)));
  }, [member]);
  return (
    <div class="room">
      <Header {...{ link, session, onNewRoom, onRoom }} />
      <main class="stage">
        <MessageList session={session} link={link} onRoom={onRoom} />
        <Footer session={session} />
        {member && <Lazy>{({ Rail }) => <Rail session={session} />}</Lazy>}
        {member && <Lazy>{({ Later }) => <Later session={session} />}</Lazy>}
      </main>
    </div>
  );
}
