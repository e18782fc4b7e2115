// What all that is told in sentences has in common. The sentences are in `line-text.ts`, `reasons.ts`, and where something happens.
import type { Me } from "party-client";

/** Something that belongs to no message. `action` is what can be done about it. */
export type Notice = { text: string; action?: { label: string; run(): void } };

/** As the room says it: "the message is empty" is "The message is empty." */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1).replace(/(?<![.!?…])$/, ".");
}

/** Until when one is muted; for good is `Infinity`. */
export function mutedUntil(you: Me | undefined, now: number): number | undefined {
  const until = you?.mutedUntil ?? 0;
  if (until <= now) return undefined;
  return until === Number.MAX_SAFE_INTEGER ? Infinity : until;
}
