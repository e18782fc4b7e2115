// The common code of all notices. Their sentences are in `texts`.

/** An error of the room, or of the client. */
export type Failure = { code: string; message: string };

/**
 * Something that belongs to no message: a text, or an error. `action` is what can be done about it. A confirmation
 * (`done`) goes by itself after a moment; an error stays until it is dismissed.
 */
export type Notice = { text?: string; error?: Failure; done?: boolean; action?: { label: string; run(): void } };

/** Makes a sentence of a text of the room: "the message is empty" becomes "The message is empty." */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1).replace(/(?<![.!?…])$/, ".");
}
