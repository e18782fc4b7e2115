// How a room is named in the address bar, and how that name is shown to people.
import { randomId } from "party-client";

const SHOWN_LETTERS = 60;

/** The room a path leads to: its first segment, percent-encoding kept. `undefined` for the bare `/`. */
export function roomIn(pathname: string): string | undefined {
  return pathname.split("/").find((segment) => segment !== "");
}

/** The name of a room that nobody else knows yet: whoever does may enter, so it cannot be guessed. */
export function freshRoom(): string {
  return randomId();
}

/** The room's name for people: decoded where that is possible, and short. */
export function roomTitle(room: string): string {
  const letters = Array.from(decoded(room).replace(INVISIBLE, ""));
  return letters.length > SHOWN_LETTERS ? letters.slice(0, SHOWN_LETTERS - 1).join("") + "…" : letters.join("");
}

// Control characters and direction overrides could make the title say something else than the address does.
const INVISIBLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function decoded(room: string): string {
  try {
    return decodeURIComponent(room);
  } catch {
    return room;
  }
}
