// How many messages by others have come since the reader last saw the end of the conversation.
import type { Item } from "party-client";

/** Returns the place of the newest message that everyone has; 0 if there is none. */
export function newest(items: readonly Item<unknown>[]): number {
  return items.findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
}

/** Returns whether an item is something to read after the place `read`: a message of others that is not deleted. */
export function isUnread({ seq, author, body }: Item<unknown>, read: number, me: string | undefined): boolean {
  return seq !== undefined && seq > read && author !== me && body !== undefined;
}

/** Counts others' messages after the place `read`. Deleted ones are nothing to read. */
export function unreadAfter(items: readonly Item<unknown>[], read: number, me: string | undefined): number {
  let count = 0;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (!item || (item.seq ?? Infinity) <= read) break;
    if (isUnread(item, read, me)) count++;
  }
  return count;
}

/** Returns whether messages after the place `read` may be missing among the items, because they are not loaded yet. */
export function isCutOff(items: readonly Item<unknown>[], older: boolean, read: number): boolean {
  return older && (items[0]?.seq ?? 0) > read + 1;
}

/** Returns a number of messages as a text: "30", or "97+" if there may be more; an empty text for none. */
export function countText(count: number, more: boolean): string {
  return count === 0 ? "" : `${count}${more ? "+" : ""}`;
}
