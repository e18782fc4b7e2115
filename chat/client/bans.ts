// The members that were banned from this browser. A banned member is on no roster, and a room sends no list of bans, so
// the browser of the moderator keeps one: all that is needed to take a ban back.
import { source, type Source } from "party-client";

export type Banned = { member: string; name: string };

const PREFIX = "party.bans.";

const known = new Map<string, Source<readonly Banned[]>>();

// Another tab of this browser has changed a list.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  const bans = key?.startsWith(PREFIX) && known.get(key);
  if (bans) bans.value = read(newValue);
});

/** Returns the members that were banned from the room, the latest first. */
export function bansOf(room: string): Source<readonly Banned[]> {
  const key = PREFIX + room;
  let bans = known.get(key);
  if (!bans) known.set(key, (bans = source(read(recall(key)))));
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
  try {
    if (bans.value.length > 0) localStorage.setItem(PREFIX + room, JSON.stringify(bans.value));
    else localStorage.removeItem(PREFIX + room);
  } catch {
    // Forbidden or full: then the list lives as long as the page does.
  }
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function read(text: string | null): readonly Banned[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter(isBanned) : [];
  } catch {
    return [];
  }
}

function isBanned(entry: unknown): entry is Banned {
  const { member, name } = (entry ?? {}) as Partial<Banned>;
  return typeof member === "string" && typeof name === "string";
}
