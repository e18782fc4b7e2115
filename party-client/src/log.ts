// The client's copy of the room's log: a run of items up to its position. Pure: every function takes a log and gives
// the next one.
import type { Entry, Page, Welcome } from "./wire.ts";

/** An item as it is now. Without `body` it is deleted. */
export type Settled<B> = Omit<Entry<B>, "target">;

export type Log<B> = {
  epoch: string;
  /** Names the last entry that has been taken in, item or change, as the query parameter `position` does. */
  position: string;
  /** The last `seq` that has been taken in. */
  head: number;
  /** In order of `seq`. */
  items: readonly Settled<B>[];
  /** Are there items before these? */
  older: boolean;
  /** The number of times that the log had to start from scratch. */
  resets: number;
};

/** Returns the log after a welcome: with the missed entries, or from scratch. */
export function withWelcome<B>(log: Log<B> | undefined, welcome: Welcome<B, unknown>): Log<B> {
  const { epoch, position, head, entries, older, recovered } = welcome;
  if (log && recovered) return withEntries(log, entries);
  return { epoch, position, head, items: entries, older, resets: log ? log.resets + 1 : 0 };
}

/**
 * Returns the log with further entries. Known ones change nothing. Those after a gap are not accepted, which shows in
 * `head`. However many there are, the items are copied once.
 */
export function withEntries<B>(log: Log<B>, entries: readonly Entry<B>[]): Log<B> {
  const items = [...log.items];
  let { head, position } = log;
  for (const { target, ...entry } of entries) {
    if (entry.seq !== head + 1) {
      if (entry.seq <= head) continue;
      break;
    }
    head++;
    position = `${log.epoch}.${head}.${entry.at}.${entry.id}`;
    if (target === undefined) items.push(entry);
    else change(items, target, entry);
  }
  return head === log.head ? log : { ...log, items, head, position };
}

/**
 * Returns the log with an older page. One that does not end where the known items begin was asked for before a reset.
 */
export function withPage<B>(log: Log<B>, { before, entries, more }: Omit<Page<B>, "id">): Log<B> {
  return before === log.items[0]?.seq ? { ...log, items: [...entries, ...log.items], older: more } : log;
}

// An item that is not known lies before the known ones; its page will bring it as it is by then.
function change<B>(items: Settled<B>[], target: number, { seq, author, body }: Settled<B>): void {
  const at = indexOf(items, target);
  const item = items[at];
  if (item) items[at] = { ...withBody(item, body), edited: seq, ...(body === undefined && { deletedBy: author }) };
}

/** Returns an item with another body, or without one. */
export function withBody<B, T extends { body?: B }>({ body: _, ...rest }: T, body: B | undefined): Omit<T, "body"> & { body?: B } {
  return body === undefined ? rest : { ...rest, body };
}

/** Returns where the item `seq` is among items in order; -1 if it is not. */
export function indexOf(items: readonly { seq?: number }[], seq: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Stryker disable next-line OptionalChaining: `middle` is always an index of an item, which no compiler sees.
    if ((items[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return items[low]?.seq === seq ? low : -1;
}
