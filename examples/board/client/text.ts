// The limits of texts, as in src/room.rs.

export const MAX_QUESTION = 500;
export const MAX_NAME = 40;

/** Returns the text as it is sent: one line, without invisible control characters. */
export function tidy(typed: string): string {
  return typed.normalize("NFC").replace(/[\s\p{Cc}]+/gu, " ").trim();
}

/** Returns how many characters the room counts. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
