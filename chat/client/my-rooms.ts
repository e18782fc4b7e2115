// The rooms that this browser's person has been in. All tabs share them, and they outlive them.
import { keptSecret } from "party-client";
import type { RoomSession } from "./room-session.ts";
import { nameOf } from "./room-address.ts";
import { keep, listIn, recall } from "./stored.ts";

/** The storage key: a list of rooms, the one that was visited last at the end. */
export const ROOMS_KEY = "party.rooms";

/** The number of rooms that are remembered. One that was not visited for the longest time is forgotten first. */
export const MOST_ROOMS = 100;

/** A room that was visited: its address, the name that its moderators have given it, and when that was. */
export type VisitedRoom = { room: string; name?: string; at: number };

/** Returns them, the one that was visited last first. */
export function visitedRooms(): VisitedRoom[] {
  return kept().reverse();
}

/** Forgets a room. */
export function forgetRoom(room: string): void {
  set(kept().filter((other) => other.room !== room));
}

/** Remembers a room from the first message on, and its name as it changes. Returns how to stop that. */
export function rememberVisit({ name: room, room: { log, shared } }: RoomSession): () => void {
  let noted: string | undefined;
  const note = () => {
    const { loaded, items } = log.value;
    const name = shared.value?.name ?? "";
    if (!loaded || items.length === 0 || noted === name) return;
    noted = name;
    set([...kept().filter((other) => other.room !== room), { room, at: Date.now(), ...(name && { name }) }]);
  };
  const stops = [log.subscribe(note), shared.subscribe(note)];
  return () => stops.forEach((stop) => stop());
}

/** Returns whether something that was written in a room waits to be sent. */
export function hasDraft(room: string): boolean {
  return recall(`party.draft.${room}`) !== null;
}

/** Asks a room how many messages it has after one. Rejects if it does not answer. */
export async function countAfter(room: string, seq: number): Promise<{ count: number; more: boolean }> {
  const place = encodeURIComponent(nameOf(room));
  const secret = keptSecret({ party: "chat", room: nameOf(room) });
  if (secret === undefined) throw new Error("forbidden");
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`/parties/chat/${place}/count?after=${seq}`, { headers, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()) as { count: number; more: boolean };
}

function kept(): VisitedRoom[] {
  return listIn(recall(ROOMS_KEY), isVisit);
}

function set(rooms: readonly VisitedRoom[]): void {
  keep(ROOMS_KEY, JSON.stringify(rooms.slice(-MOST_ROOMS)));
}

function isVisit(one: unknown): one is VisitedRoom {
  const { room, name = "", at } = Object(one) as Partial<VisitedRoom>;
  return typeof room === "string" && typeof name === "string" && Number.isSafeInteger(at);
}
