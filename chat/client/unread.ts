// How many messages by others have come since the reader last saw the end of the conversation.
import type { Item } from "party-client";

/** Returns the place of the newest message that everyone has; 0 if there is none. */
export function newest(items: readonly Item<unknown>[]): number {
  return items.findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
}

/** Counts others' messages after the place `read`. Deleted ones are nothing to read. */
export function unreadAfter(items: readonly Item<unknown>[], read: number, me: string | undefined): number {
  let count = 0;
  for (let at = items.length - 1; at >= 0; at--) {
    const { seq = Infinity, author, body } = items[at] ?? {};
    if (seq <= read) break;
    if (seq < Infinity && author !== me && body !== undefined) count++;
  }
  return count;
}
