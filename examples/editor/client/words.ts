// The sentences about the connection, and times in words.
import type { Connection } from "./session.ts";

/** Says in a word whether the page and the room are together. */
export function stateWords(connection: Connection, reads: boolean): string {
  if (connection === "connected") return reads ? "Read only" : "Connected";
  return connection === "offline" ? "Offline" : "Connecting …";
}

/** Says what it means that there is no connection. */
export function offlineWords(reads: boolean): string {
  return reads
    ? "There is no connection. You see the text as it was last."
    : "There is no connection. Your changes are kept here, and sent when you are back.";
}

/** Returns a message of the room as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return !text || /[.!?]$/.test(text) ? text : `${text}.`;
}

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Returns a moment as a date with a time. */
export function timeWords(at: number): string {
  return TIME.format(at);
}

/** Returns the title of a text: its first line, without the marks of a heading. */
export function titleOf(line: string): string {
  return line.replace(/^[#>*\s-]+/, "").trim().slice(0, 80) || "Untitled text";
}
