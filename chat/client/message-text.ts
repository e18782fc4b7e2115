// The text of a message before it is sent: its blank ends are cut, and its size is compared with the room's limit.
import { LIMITS } from "./protocol.ts";

const encoder = new TextEncoder();

/**
 * Returns the text as it is sent: no empty lines before it, nothing blank after it, and nothing in it that controls a
 * terminal or a printer, as what is copied may have, or is half of an emoji. The first line's indent stays, it may be
 * code.
 */
export function tidy(typed: string): string {
  return typed.replace(/\p{Cs}|[^\P{Cc}\n\r\t]/gu, "").replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

/** Returns how many bytes may still be written. Negative when the text is too long for the room. */
export function bytesLeft(text: string): number {
  return LIMITS.contentBytes - encoder.encode(text).length;
}
