// The text of a message before it is sent: what is cut from its ends, and how much of the room's limit it uses.
import { LIMITS } from "./protocol.ts";

const NEAR = 512;
const encoder = new TextEncoder();

/** The text as it is sent: no empty lines before it, nothing blank after it. The first line's indent stays, it may be code. */
export function tidy(typed: string): string {
  return typed.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

/** How many bytes may still be written. Negative when the text is too long for the room. */
export function bytesLeft(text: string): number {
  return LIMITS.contentBytes - encoder.encode(text).length;
}

/** What to tell the writer about the limit; nothing while it is far away. */
export function limitNote(left: number): string | undefined {
  if (left > NEAR) return undefined;
  return left >= 0 ? `${left} ${bytes(left)} left` : `${-left} ${bytes(-left)} too long`;
}

function bytes(count: number): string {
  return count === 1 ? "byte" : "bytes";
}
