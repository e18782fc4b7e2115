// The parts of the page from the first message on: what shows news elsewhere, and the dialogs over the conversation.
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { followRole } from "../about.ts";
import { showBadge } from "../badge.ts";
import { followDraftElsewhere } from "../draft-elsewhere.ts";
import { hideInvitation } from "../hide-invitation.ts";
import { followNames } from "../known-names.ts";
import { followLinks } from "../message-link.ts";
import { rememberVisit } from "../my-rooms.ts";
import { followNotifications } from "../notifications.ts";
import { keepPage } from "../offline.ts";
import { onPrint } from "../print.ts";
import { roomTitle } from "../room-address.ts";
import type { RoomSession } from "../room-session.ts";
import { tabTitle } from "../tab-title.ts";
import { leadToUsual } from "../usual-spelling.ts";
import { MessageMenu } from "./message-menu.tsx";
import { PictureDialog } from "./picture-dialog.tsx";
import { tellDates } from "./pointing.ts";
import { QuestionDialog } from "./question-dialog.tsx";
import { useMentions } from "./use-mentions.ts";
import { useValue } from "./use-value.ts";

export function Later({ session }: { session: RoomSession }) {
  const [menu, question] = [useValue(session.menu), useValue(session.question)];
  useEffect(keepPage, []);
  useEffect(tellDates, []);
  useEffect(() => leadToUsual(session), [session]);
  useEffect(() => onPrint(session), [session]);
  useEffect(() => rememberVisit(session), [session]);
  useEffect(() => followRole(session), [session]);
  useEffect(() => followNames(session), [session]);
  useEffect(() => followNotifications(session), [session]);
  useEffect(() => followLinks(session), [session]);
  useEffect(() => hideInvitation(session), [session]);
  useEffect(() => followDraftElsewhere(session), [session]);
  return (
    <>
      <Elsewhere session={session} />
      {menu && <MessageMenu session={session} asked={menu} />}
      <PictureDialog />
      {question && <QuestionDialog session={session} question={question} />}
    </>
  );
}

/** Shows how much is new where the page itself is not seen: in the title of its tab, its icon, and that of the app. */
function Elsewhere({ session }: { session: RoomSession }) {
  const { reading, room, name } = session;
  const given = useValue(room.shared)?.name;
  const unread = useValue(reading.unread);
  const title = tabTitle(given || roomTitle(name), unread, useMentions(session, unread, { after: reading.read() }));
  useEffect(() => void (document.title = title), [title]);
  useEffect(() => showBadge(unread), [unread]);
  useEffect(() => () => showBadge(""), []);
  return null;
}
