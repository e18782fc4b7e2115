// The parts of the page from the first message on: the title of its tab, and the dialogs over the conversation.
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { followRole } from "../about.ts";
import { followLinks } from "../message-link.ts";
import { rememberVisit } from "../my-rooms.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { tabTitle } from "../tab-title.ts";
import { MessageMenu } from "./message-menu.tsx";
import { QuestionDialog } from "./question-dialog.tsx";
import { useValue } from "./use-value.ts";

export function Later({ session }: { session: RoomSession }) {
  const [menu, question] = [useValue(session.menu), useValue(session.question)];
  useEffect(() => rememberVisit(session), [session]);
  useEffect(() => followRole(session), [session]);
  useEffect(() => followLinks(session), [session]);
  return (
    <>
      <TabTitle session={session} />
      {menu && <MessageMenu session={session} asked={menu} />}
      {question && <QuestionDialog session={session} question={question} />}
    </>
  );
}

function TabTitle({ session }: { session: RoomSession }) {
  const given = useValue(session.room.shared)?.name;
  const title = tabTitle(given || roomTitle(session.name), useValue(session.reading.unread));
  useEffect(() => void (document.title = title), [title]);
  return null;
}
