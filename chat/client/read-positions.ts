// How far this browser's person has read in each room. All tabs share it, and it outlives them.
import { keep, listIn, recall } from "./stored.ts";

/** The storage key: a list of rooms and places, the room that was read last at the end. */
export const READ_KEY = "party.read";

/** The number of rooms that are remembered. A room that was not read for the longest time is forgotten first. */
export const MOST_ROOMS = 100;

type Position = [room: string, seq: number];

/** Returns the place of the newest message that was read in a room, or `undefined` for a room that is not known. */
export function readIn(room: string): number | undefined {
  return positions().find(([name]) => name === room)?.[1];
}

/** Remembers the place of the newest message that was read in a room. */
export function rememberRead(room: string, seq: number): void {
  const others = positions().filter(([name]) => name !== room);
  const all: Position[] = [...others, [room, seq]];
  keep(READ_KEY, JSON.stringify(all.slice(-MOST_ROOMS)));
}

/** Calls `listener` with the place whenever another tab has read on in the room. Returns how to stop that. */
export function onReadElsewhere(room: string, listener: (seq: number) => void): () => void {
  const changed = ({ key }: StorageEvent) => {
    const seq = key === READ_KEY ? readIn(room) : undefined;
    if (seq !== undefined) listener(seq);
  };
  addEventListener("storage", changed);
  return () => removeEventListener("storage", changed);
}

function positions(): Position[] {
  return listIn(recall(READ_KEY), isPosition);
}

function isPosition(one: unknown): one is Position {
  return Array.isArray(one) && typeof one[0] === "string" && Number.isSafeInteger(one[1]);
}
