// One visit to one board: the room, and the state of this page.
import { Room, RoomError, source, type Observable, type Source } from "party-client";
import { board, targetOf, type Board } from "./cards.ts";
import { ownName } from "./name.ts";
import type { BoardRoom, BoardTypes } from "./room-types.ts";
import { sentence } from "./words.ts";

export type Session = {
  room: BoardRoom;
  board: Observable<Board>;
  /** Something to tell the member. Settable: `undefined` dismisses it. */
  notice: Source<string | undefined>;
  ask(text: string): boolean;
  upvote(seq: number): void;
  answer(seq: number): void;
  edit(seq: number, text: string): void;
  remove(seq: number): void;
};

/** The name that the room gives to a member without one. */
const GUEST = "Guest";

/** Enters a board. */
export function openSession(name: string): Session {
  const introduction = () => ({ name: ownName.value || GUEST });
  const room: BoardRoom = new Room<BoardTypes>({
    party: "board",
    room: name,
    presence: introduction(),
    preview: ({ text }, _me, now) => (now ? { ...now, text } : { text, by: introduction().name, votes: 0, answered: false }),
  });
  const notice = source<string | undefined>(undefined);
  const shown = source<Board>({ open: [], answered: [] });
  // The questions whose vote was sent from here. The room's list of own votes comes a moment after the count.
  const votedHere = new Set<number>();
  let asked = -1; // How many items were known when older ones were requested.

  function update(): void {
    const { items } = room.log.value;
    const own = new Set(room.own.value);
    for (const { frame, error } of room.outbox.value) {
      if (frame.type !== "command" || frame.data.do !== "upvote") continue;
      if (error) votedHere.delete(frame.data.question);
      else votedHere.add(frame.data.question);
    }
    shown.value = board(items, room.outbox.value, room.you.value?.member, own, new Set([...own, ...votedHere]));
  }

  /** The order needs all questions, so that all pages are fetched. */
  function loadAll(): void {
    const { items, older, loading } = room.log.value;
    if (!older || loading || items.length === asked) return;
    asked = items.length;
    void room.loadOlder();
  }

  /** Operations on a removed question cannot be done. */
  function dropLost(): void {
    const lost = room.outbox.value.find((pending) => pending.error?.code === "not_found" && targetOf(pending) !== undefined);
    if (!lost) return;
    if (lost.frame.type !== "delete") notice.value = "The question was removed in the meantime.";
    room.discard(lost.frame.id);
  }

  function carefully(write: () => unknown): boolean {
    try {
      write();
      return true;
    } catch (error) {
      if (!(error instanceof RoomError)) throw error;
      notice.value = sentence(error.message);
      return false;
    }
  }

  room.log.subscribe(loadAll);
  room.state.subscribe(() => ((asked = -1), loadAll()));
  room.outbox.subscribe(dropLost);
  for (const one of [room.log, room.outbox, room.own, room.you]) one.subscribe(update);
  room.notice.subscribe((error) => error && room.state.value.status === "connected" && (notice.value = sentence(error.message)));
  ownName.subscribe(() => room.setPresence(introduction()));

  return {
    room,
    board: shown,
    notice,
    ask: (text) => carefully(() => room.send({ text })),
    upvote: (question) => void carefully(() => room.command({ do: "upvote", question })),
    answer: (question) => void carefully(() => room.command({ do: "answer", question })),
    edit: (seq, text) => void carefully(() => room.edit(seq, { text })),
    remove: (seq) => void carefully(() => room.delete(seq)),
  };
}
