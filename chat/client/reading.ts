// How far the reader has read in a room, and what they have missed: messages that came while they were not there. The
// place is kept over visits, and shared by all tabs.
import { source, type Observable } from "party-client";
import { onReadElsewhere, readIn, rememberRead } from "./read-positions.ts";
import type { ChatRoom } from "./room-types.ts";
import { countText, isCutOff, newest, unreadAfter } from "./unread.ts";

/**
 * Where a line separates what is new: after the place `after`. `upTo` is the last message of it, once the reader has
 * seen all of it; until then all that comes is added.
 */
export type Missed = { after: number; upTo?: number };

export type Reading = {
  /** The number of messages that the reader has not seen, as a text: "3", "97+"; empty if there are none. */
  unread: Observable<string>;
  /** The place of the newest message that the reader has seen. */
  read(): number;
  missed: Observable<Missed | undefined>;
  /** Notes that the reader has seen the message of this id, and those before it. */
  seen(id: string): void;
  /** Notes that the reader goes to the end without looking at what is before it. */
  catchUp(): void;
  /** Removes the line: the reader takes part again. */
  dismiss(): void;
  stop(): void;
};

/** What is known about the reader. */
export type Presence = {
  /** Do they see the end of the conversation? */
  atEnd: Observable<boolean>;
  /** Do they see the page? */
  visible: Observable<boolean>;
  /** Is it this room that the page shows? */
  shown: Observable<boolean>;
};

/** The parts of a room that are read here. */
type Followed = Pick<ChatRoom, "log" | "state" | "you">;

/** Follows how far the reader has read in the room of this name. */
export function followReading(room: Followed, name: string, { atEnd, visible, shown }: Presence): Reading {
  const unread = source("");
  const missed = source<Missed | undefined>(undefined);
  let read: number | undefined; // The place of the newest message that the reader has seen.
  let present = false; // Would the reader have seen what is new now?

  const looks = () => visible.value && shown.value;
  const isOpen = () => missed.value !== undefined && missed.value.upTo === undefined;
  const readTo = (seq: number) => {
    if (read !== undefined && seq <= read) return;
    read = seq;
    rememberRead(name, seq);
  };

  function look(): void {
    const { loaded, items, older } = room.log.value;
    if (!loaded) return;
    const end = newest(items);
    // On the first visit the first page counts as read. A room that has begun again has smaller places than before.
    if (read === undefined) readTo(Math.min(readIn(name) ?? end, end));
    else if (read > end) read = end;
    if (present && atEnd.value && !isOpen()) readTo(end);
    show(items, older);
    present = looks() && room.state.value.status === "connected";
  }

  function show(items: ChatRoom["log"]["value"]["items"], older: boolean): void {
    if (read === undefined) return;
    const count = unreadAfter(items, read, room.you.value?.member);
    unread.value = countText(count, isCutOff(items, older, read));
    const { after } = missed.value ?? {};
    if (count > 0 && !isOpen()) missed.value = { after: read };
    else if (count === 0 && isOpen() && after !== undefined) missed.value = { after, upTo: read };
    // A line that was seen is not there any more when the reader comes back.
    if (!isOpen() && !looks() && missed.value) missed.value = undefined;
  }

  function catchUp(): void {
    if (!room.log.value.loaded) return;
    readTo(newest(room.log.value.items));
    look();
  }

  const stops = [
    room.log.subscribe(look),
    atEnd.subscribe(look),
    visible.subscribe(look),
    shown.subscribe(look),
    // What the reader has missed while there was no connection comes together with it, but is known a little later.
    room.state.subscribe(() => queueMicrotask(look)),
    onReadElsewhere(name, (seq) => {
      if (read === undefined || seq <= read) return;
      read = seq;
      look();
    }),
  ];

  return {
    unread,
    read: () => read ?? 0,
    missed,
    seen(id) {
      if (!looks() || !unread.value) return;
      const { items, older } = room.log.value;
      const at = items.findLastIndex((item) => item.id === id);
      const seq = newest(items.slice(0, at + 1));
      // Where what was missed begins before what is loaded, the messages in between are not seen: only the end counts.
      if (isCutOff(items, older, missed.value?.after ?? seq) && seq < newest(items)) return;
      readTo(seq);
      look();
    },
    catchUp,
    dismiss() {
      catchUp();
      missed.value = undefined;
    },
    stop: () => stops.forEach((stop) => stop()),
  };
}
