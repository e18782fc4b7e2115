// The members that were banned from this browser. A banned member is on no roster, and a room sends no list of bans, so
// the browser of the moderator keeps one: all that is needed to take a ban back.
import { source, type Source } from "party-client";
import { keep, listIn, recall } from "./stored.ts";

export type Banned = { member: string; name: string };

const PREFIX = "party.bans.";

const known = new Map<string, Source<readonly Banned[]>>();

// Another tab of this browser has changed a list.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  const bans = key?.startsWith(PREFIX) && known.get(key);
  if (bans) bans.value = listIn(newValue, isBanned);
});

/** Returns the members that were banned from the room, the latest first. */
export function bansOf(room: string): Source<readonly Banned[]> {
  const key = PREFIX + room;
  let bans = known.get(key);
  if (!bans) known.set(key, (bans = source<readonly Banned[]>(listIn(recall(key), isBanned))));
  return bans;
}

/** Adds a member to the list. */
export function noteBan(room: string, banned: Banned): void {
  change(room, (rest) => [banned, ...rest], banned.member);
}

/** Removes a member from the list. */
export function forgetBan(room: string, member: string): void {
  change(room, (rest) => rest, member);
}

function change(room: string, changed: (rest: readonly Banned[]) => readonly Banned[], about: string): void {
  const bans = bansOf(room);
  bans.value = changed(bans.value.filter(({ member }) => member !== about));
  keep(PREFIX + room, bans.value.length > 0 ? JSON.stringify(bans.value) : "");
}

function isBanned(entry: unknown): entry is Banned {
  const { member, name } = (entry ?? {}) as Partial<Banned>;
  return typeof member === "string" && typeof name === "string";
}
