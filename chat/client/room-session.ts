// One visit to one room: the state of the package, and the state that only this page has.
import { Room, RoomError, source, type Code, type Observable, type Source, type State } from "party-client";
import { debounced } from "./debounced-status.ts";
import { keptDraft, type Draft } from "./drafts.ts";
import { displayName } from "./identity.ts";
import { invitationTo } from "./invitation.ts";
import { tidy } from "./message-text.ts";
import type { Notice } from "./notices.ts";
import { followMute } from "./mute.ts";
import { followReading, type Reading } from "./reading.ts";
import { nameOf } from "./room-address.ts";
import type { ChatRoom, ChatTypes } from "./room-types.ts";
import type { MessageRow } from "./rows.ts";
import { uploaded } from "./uploaded.ts";

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
  /** The place of the first message that is drawn; 0 for all that are loaded. `drawing.ts` sets it. */
  drawnFrom: Source<number>;
  /** Is this the room that the page shows? The page sets it. */
  shown: Source<boolean>;
  /** How far the reader has read, and what they have missed. */
  reading: Reading;
  /** What is being written. It is kept over reloads. */
  draft: Source<Draft>;
  menu: Source<Menu | undefined>;
  question: Source<Question | undefined>;
  /** Sends the draft: a message, or what the one that is being edited is to be. Gives whether it was taken. */
  say(): boolean;
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
    invitation: invitationTo(name),
    preview: ({ content, replyTo, file: id = "" }, _me, now) => {
      if (now) return { ...now, content, user: displayName.value, edited: true };
      const file = uploaded.get(id);
      return { content, user: displayName.value, role: "user", ...(replyTo === undefined ? {} : { replyTo }), ...(file && { file }) };
    },
  });
  const [mutedUntil, stopMute] = followMute(room);
  const [connection, stopDebounced] = debounced(room.state);
  const trouble = source<Code | undefined>(undefined);
  const slowed = source(false);
  const notice = source<Notice | undefined>(undefined);
  const atEnd = source(true);
  const shown = source(false);
  const [draft, stopDraft] = keptDraft(name);
  const reading = followReading(room, nameOf(name), { atEnd, visible: pageVisible, shown });

  const stops = [
    stopDebounced,
    stopMute,
    reading.stop,
    stopDraft,
    displayName.subscribe((name) => room.setPresence({ name })),
    room.state.subscribe(({ status }) => status === "connected" && (trouble.value = undefined)),
    room.notice.subscribe((error) => {
      if (!error) return;
      // The reason of a refusal is shown as long as it lasts, together with the state of the connection.
      if (room.state.value.status !== "connected") trouble.value = error.code;
      // That the reader is muted stands in the place of the input.
      else if (error.code !== "muted") notice.value = { error };
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
    drawnFrom: source(0),
    shown,
    reading,
    draft,
    menu: source<Menu | undefined>(undefined),
    question: source<Question | undefined>(undefined),
    say() {
      const { text, edit, replyTo, files } = draft.value;
      const content = tidy(edit?.text ?? text);
      try {
        if (!edit) {
          reading.dismiss();
          atEnd.value = true;
          room.send({ content, ...(replyTo === undefined ? {} : { replyTo }) });
        } else if (content !== room.log.value.items.find(({ seq }) => seq === edit.seq)?.body?.content) room.edit(edit.seq, { content });
      } catch (error) {
        if (!(error instanceof RoomError)) throw error;
        notice.value = { error };
        return false;
      }
      draft.value = edit ? { text, replyTo, files } : { text: "" };
      return true;
    },
    close() {
      room.close();
      stops.forEach((stop) => stop());
    },
  };
}
