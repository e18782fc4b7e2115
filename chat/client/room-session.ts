// One visit to one room: the state of the package, and the state that only this page has.
import { Room, RoomError, source, type Code, type Observable, type Source, type State } from "party-client";
import { answeredMessages } from "./answered.ts";
import { debounced } from "./debounced-status.ts";
import { displayName } from "./identity.ts";
import { tidy } from "./message-text.ts";
import { sentence, type Notice } from "./notices.ts";
import { followMute } from "./mute.ts";
import { ownReactions, type OwnReactions } from "./reactions.ts";
import { nameOf } from "./room-address.ts";
import type { ChatRoom, ChatTypes, Message } from "./room-types.ts";
import type { MessageRow } from "./rows.ts";
import { newest, unreadAfter } from "./unread.ts";

/** A message whose menu is open, and the element that it belongs to. */
export type Menu = { row: MessageRow; anchor: Element };

/** Something that is to be confirmed. */
export type Question = { title: string; text: string; yes: string; run(): void };

export type RoomSession = {
  /** The room's name, as it is in the address. */
  name: string;
  room: ChatRoom;
  /** The state of the connection, without short interruptions. */
  connection: Observable<State>;
  /** Until when the reader is muted, in the room's time; `Infinity` where that has no end. */
  mutedUntil: Observable<number | undefined>;
  /** The code of what the room said last, while it does not let us in. */
  trouble: Observable<Code | undefined>;
  /** Has the room asked to slow down, since what is written last went out? */
  slowed: Observable<boolean>;
  /** Settable: `undefined` dismisses it. */
  notice: Source<Notice | undefined>;
  /** Does the reader see the end of the conversation? Settable: `true` goes there. */
  atEnd: Source<boolean>;
  unread: Observable<number>;
  /** The message that is being edited. */
  editing: Source<Message | undefined>;
  /** The message that is answered by the one that is being written. */
  replying: Source<Message | undefined>;
  reactions: OwnReactions;
  /** Gives a message that another one answers, where it is not loaded. */
  answered: ReturnType<typeof answeredMessages>;
  menu: Source<Menu | undefined>;
  question: Source<Question | undefined>;
  /** Writes a message, or what the one that is being edited is to be. Gives whether it was taken. */
  say(typed: string): boolean;
  close(): void;
};

/** Whether the page is visible. */
export const pageVisible = source(!document.hidden);
document.addEventListener("visibilitychange", () => (pageVisible.value = !document.hidden));

/** Enters a room. */
export function openRoom(name: string): RoomSession {
  const room: ChatRoom = new Room<ChatTypes>({
    party: "chat",
    room: nameOf(name),
    presence: { name: displayName.value },
    preview: ({ content, replyTo }, _me, now) => {
      if (now) return { ...now, content, user: displayName.value, edited: true };
      return { content, user: displayName.value, role: "user", ...(replyTo === undefined ? {} : { replyTo }) };
    },
  });
  const [mutedUntil, stopMute] = followMute(room);
  const [connection, stopDebounced] = debounced(room.state);
  const trouble = source<Code | undefined>(undefined);
  const slowed = source(false);
  const notice = source<Notice | undefined>(undefined);
  const atEnd = source(true);
  const unread = source(0);
  const editing = source<Message | undefined>(undefined);
  const replying = source<Message | undefined>(undefined);
  let read: number | undefined; // The place of the newest message that the reader has seen. The first page counts as seen.

  function look(): void {
    const { loaded, items } = room.log.value;
    if (loaded && (read === undefined || (atEnd.value && pageVisible.value))) read = newest(items);
    unread.value = unreadAfter(items, read ?? Infinity, room.you.value?.member);
  }

  const stops = [
    stopDebounced,
    stopMute,
    room.log.subscribe(look),
    atEnd.subscribe(look),
    pageVisible.subscribe(look),
    displayName.subscribe((name) => room.setPresence({ name })),
    room.state.subscribe(({ status }) => status === "connected" && (trouble.value = undefined)),
    room.notice.subscribe((fault) => {
      if (!fault) return;
      // The reason of a refusal is shown as long as it lasts, together with the state of the connection.
      if (room.state.value.status !== "connected") trouble.value = fault.code;
      else notice.value = { text: sentence(fault.message) };
    }),
    room.paused.subscribe((paused) => paused && (slowed.value = true)),
    room.outbox.subscribe((outbox) => outbox.every(({ error }) => error) && (slowed.value = false)),
  ];

  return {
    name,
    room,
    connection,
    mutedUntil,
    trouble,
    slowed,
    notice,
    atEnd,
    unread,
    editing,
    replying,
    reactions: ownReactions(room, (reason) => (notice.value = { text: sentence(reason) })),
    answered: answeredMessages(room),
    menu: source<Menu | undefined>(undefined),
    question: source<Question | undefined>(undefined),
    say(typed) {
      const content = tidy(typed);
      const { seq, body } = editing.value ?? {};
      try {
        if (seq === undefined) {
          atEnd.value = true;
          const answered = replying.value?.seq;
          room.send({ content, ...(answered === undefined ? {} : { replyTo: answered }) });
          replying.value = undefined;
        } else if (content !== body?.content) room.edit(seq, { content });
      } catch (error) {
        if (!(error instanceof RoomError)) throw error;
        notice.value = { text: sentence(error.message) };
        return false;
      }
      editing.value = undefined;
      return true;
    },
    close() {
      room.close();
      stops.forEach((stop) => stop());
    },
  };
}
