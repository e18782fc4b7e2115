// The common code of all notices. Their sentences are in `texts`.
import { reasons } from "#texts/notices.ts";

/** An error of the room, or of the client. */
export type Failure = { code: string; message: string };

/** What was refused, where that makes a difference. */
export type Subject = "room" | "search" | "file" | "member" | "reaction";

/**
 * Something that belongs to no message: a text, an error, or both. `action` is what can be done about it. A
 * confirmation (`done`) goes by itself after a moment; an error stays until it is dismissed.
 */
export type Notice = {
  text?: string;
  error?: Failure;
  about?: Subject;
  done?: boolean;
  action?: { label: string; run(): void };
};

/**
 * Returns the page's own sentence for an error, by its code. `undefined` for an unknown code: then there is only the
 * English text of the error.
 */
export function reasonOf({ code }: Failure, about?: Subject): string | undefined {
  return reasons[`${code} ${about}`] ?? reasons[code];
}

/** Makes a sentence of a text of the room: "the message is empty" becomes "The message is empty." */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1).replace(/(?<![.!?…])$/, ".");
}
