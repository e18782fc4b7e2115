// The messages that replies answer, where they are further back than the page has loaded.
import { source, type Observable, type Source } from "party-client";
import type { ChatRoom, Message } from "./room-types.ts";

/** A message that a reply answers; `null` if it is deleted. */
export type Answered = Message | null;

const rooms = new WeakMap<ChatRoom, Map<number, Source<Answered | undefined>>>();

/** Returns such a message by its `seq`. It is asked for once, and has no value before the answer. */
export function answeredMessage(room: ChatRoom, seq: number): Observable<Answered | undefined> {
  const known = rooms.get(room) ?? new Map<number, Source<Answered | undefined>>();
  rooms.set(room, known);
  const before = known.get(seq);
  if (before) return before;
  const answered = source<Answered | undefined>(undefined);
  known.set(seq, answered);
  room.history({ before: seq + 1 }).then(
    ({ items }) => {
      const item = items.at(-1);
      answered.value = item?.seq === seq && item.body ? item : null;
    },
    () => known.delete(seq),
  );
  return answered;
}
