// The rows of a conversation that need not be made again when a message comes at its end: mostly all but the last.
import type { Message } from "./room-types.ts";
import type { Begin, Row, RowContext } from "./rows.ts";
import { sharedStart } from "./shared-start.ts";

/** What rows were made of. */
type Made = { items: readonly Message[]; context: RowContext };

const memory = new WeakMap<readonly Row[], Made>();

/** See `Begin`. */
export const stillRight: Begin = (items, context, before) => {
  const past = memory.get(before);
  const begin = startOf(items, past ? sameMessages({ items, context }, past) : 0, before);
  memory.set(begin[0], { items, context });
  return begin;
};

function startOf(items: readonly Message[], same: number, before: readonly Row[]): ReturnType<Begin> {
  // What follows a deleted message may be one row with it.
  const next = items.slice(0, same).findLastIndex(({ body }) => body) + 1;
  const last = next && before.findLastIndex((row) => row.kind === "message" && row.item === items[next - 1]);
  // The very first row is that of a day.
  if (last <= 0) return [[], 0, 0];
  const rows = before.slice(0, last + 1);
  const entry = rows.findLastIndex((row) => row.kind === "message" && row.entry);
  // What follows decides whether the last one is the last of its run, and which one the keyboard comes in at.
  for (const at of [last, entry]) {
    const row = rows[at];
    if (row?.kind === "message") rows[at] = { ...row, entry: false, last: row.last || at === last };
  }
  return [rows, next, entry < 0 ? last : entry];
}

/** Returns how many messages at the beginning are as before, and have the same rows if what follows allows it. */
function sameMessages({ items, context }: Made, past: Made): number {
  const { all = items, missed } = context;
  const { all: allPast = past.items } = past.context;
  const hidden = all.length - items.length;
  const isSame = (["me", "mayWrite", "sameDay", "messageAt"] as const).every((name) => context[name] === past.context[name]);
  if (!isSame || missed || past.context.missed || hidden !== allPast.length - past.items.length) return 0;
  // Those that are not drawn count, too: others may answer them.
  return Math.max(sharedStart(all, allPast) - hidden, 0);
}
