// The rules for a display name.
import { TURNS } from "./isolated.ts";
import { LIMITS } from "./protocol.ts";

/**
 * Returns the name as it is sent: one line, no stray spaces, no invisible controls, within the room's limit. Empty if
 * nothing is left. Zero-width joiners stay: emoji need them.
 */
export function cleanName(typed: string): string {
  const visible = typed.normalize("NFC").replace(TURNS, "").replace(/[\u200b\u2060\ufeff\p{Cs}]/gu, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
  return Array.from(visible).slice(0, LIMITS.userChars).join("").trim();
}
