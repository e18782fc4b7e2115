// Notifications of the browser about new messages, while the page is open and nobody looks at it. A room has one at a
// time, about its last message.
import { timer } from "party-client";
import { excerptOf } from "./excerpt.ts";
import { jumpTo } from "./jump.ts";
import { mentionsIn } from "./known-names.ts";
import { mentionsReader } from "./mention-count.ts";
import { look, notify, permission } from "./notification-choice.ts";
import { onReadElsewhere } from "./read-positions.ts";
import { nameOf, roomTitle } from "./room-address.ts";
import { pageVisible, type RoomSession } from "./room-session.ts";
import type { Message } from "./room-types.ts";
import { notificationTitle } from "./sentences.ts";
import { showNotification } from "./show-notification.ts";
import { isUnread, newest } from "./unread.ts";

/** The time in which another tab that is looked at can say that the message is read. */
const PATIENCE = 500;

/** Follows the messages of a room, and notifies of those that the reader wants to know of. Returns how to stop. */
export function followNotifications(session: RoomSession): () => void {
  const { room, name } = session;
  let known: number | undefined; // The place of the last message that was looked at here.
  let elsewhere = 0; // The place up to which another tab has shown all.
  let next: number | undefined;
  let close: (() => void) | undefined;
  const soon = timer(() => {
    const item = room.log.value.items.find(({ seq }) => seq === next);
    if (!item?.body || (item.seq ?? 0) <= elsewhere || isLookedAt()) return;
    void notifyOf(session, item, isMention(session, item)).then((shown) => {
      close = shown ?? close;
      seen();
    });
  });

  const follow = ({ loaded, items }: RoomSession["room"]["log"]["value"]) => {
    if (!loaded) return;
    const [before, end] = [known, newest(items)];
    known = end;
    if (before !== undefined && end < before) elsewhere = 0; // The log has begun again: its places are smaller.
    if (before === undefined || end <= before || notify.value === "off" || isLookedAt()) return;
    const fresh = items.filter((item) => isUnread(item, before, room.you.value?.member));
    const last = fresh.findLast((item) => isMention(session, item)) ?? (notify.value === "all" ? fresh.at(-1) : undefined);
    if (!last) return;
    next = last.seq;
    soon.set(PATIENCE);
  };
  const seen = () => isLookedAt() && close?.();
  addEventListener("focus", seen);
  const stops = [
    room.log.subscribe(follow),
    pageVisible.subscribe(seen),
    onReadElsewhere(nameOf(name), (seq) => (elsewhere = seq)),
    () => removeEventListener("focus", seen),
    () => soon.stop(),
    () => close?.(),
  ];
  return () => stops.forEach((stop) => stop());
}

function isLookedAt(): boolean {
  return pageVisible.value && document.hasFocus();
}

function isMention(session: RoomSession, { body }: Message): boolean {
  return body !== undefined && mentionsReader(body.content, mentionsIn(session).value);
}

/** Shows a notification, which leads to its message. Its text is plain, and cut. Returns how to close it. */
async function notifyOf(session: RoomSession, { seq, body }: Message, mention: boolean): Promise<(() => void) | undefined> {
  look();
  if (!body || notify.value === "off") return undefined;
  const room = session.room.shared.value?.name || roomTitle(session.name);
  const title = notificationTitle(body.user, room, mention);
  const options = { body: excerptOf(body), tag: `party ${session.name}`, icon: "/icon-192.png", renotify: mention };
  const close = await showNotification(title, options, () => seq !== undefined && void jumpTo(session, seq));
  if (!close) permission.value = "missing";
  return close;
}
