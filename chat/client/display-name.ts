// What a valid name is to write under.
import { LIMITS } from "./protocol.ts";

/** The name as it is sent: one line, no stray spaces, no invisible controls, within the room's limit. Empty if nothing is left. */
export function cleanName(typed: string): string {
  const visible = typed.normalize("NFC").replace(INVISIBLE, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
  return Array.from(visible).slice(0, LIMITS.userChars).join("").trim();
}

// Direction overrides in a name would reverse the text around it. (Zero-width joiners stay: emoji need them.)
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
