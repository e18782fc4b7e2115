// How a room is named in the address bar, and how that name is shown to people.
import { randomId, segmentOf } from "party-client";
import { TURNS } from "./isolated.ts";

const SHOWN_LETTERS = 60;

/**
 * Returns the room a path leads to: the name in its first segment, encoded in the one way in which `party-client`
 * writes it. `undefined` for the bare `/`, and for what no room can be named.
 */
export function roomIn(pathname: string): string | undefined {
  const named = pathname.split("/").find((segment) => segment !== "");
  return named && segmentOf(nameOf(named));
}

/** Returns the name of a room that nobody else knows yet: whoever does may enter, so it cannot be guessed. */
export function freshRoom(): string {
  return randomId();
}

/**
 * Returns the room's name for people: decoded where that is possible, short, and without characters that could make it
 * look like another one.
 */
export function roomTitle(room: string): string {
  const letters = Array.from(nameOf(room).replace(TURNS, "").replace(/\p{Cc}/gu, ""));
  return letters.length > SHOWN_LETTERS ? letters.slice(0, SHOWN_LETTERS - 1).join("") + "…" : letters.join("");
}

/** Returns the room's name of a segment of the address. */
export function nameOf(room: string): string {
  try {
    return decodeURIComponent(room);
  } catch {
    return room;
  }
}
