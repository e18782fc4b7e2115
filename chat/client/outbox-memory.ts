// Keeping what is not yet sent over a reload of the page. In this tab only: two tabs must not send the same message.
import type { Pending } from "./conversation.ts";
import { inThisTab, type Memory } from "./storage.ts";

/** What was left unsent in the room when the page was last here. */
export function recallOutbox(room: string, memory: Memory = inThisTab): Pending[] {
  try {
    return JSON.parse(memory.recall(key(room)) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

/** Notes what is unsent now. */
export function rememberOutbox(room: string, outbox: readonly Pending[], memory: Memory = inThisTab): void {
  memory.remember(key(room), JSON.stringify(outbox));
}

function key(room: string): string {
  return `party.outbox.${room}`;
}
