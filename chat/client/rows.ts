// A conversation as it is on the page: one row for every message, with day separators between them, runs of one author
// grouped, and deleted messages that follow each other as one quiet line. A line, and not nothing: who has seen a
// message knows what has become of it, and answers to it do not hang in the air.
import type { MessageBody } from "./protocol.ts";
import type { Missed } from "./reading.ts";
import type { Message } from "./room-types.ts";
import { countText, isCutOff, isUnread } from "./unread.ts";

export type MessageRow = {
  kind: "message";
  key: string;
  item: Message;
  body: MessageBody;
  /** The message that it answers, if that is loaded. */
  answered: Message | undefined;
  mine: boolean;
  state: "sent" | "sending" | "failed";
  /**
   * Can the reader do something with it? The last of these is where the keyboard comes in, and arrow keys lead to the
   * others.
   */
  menu: boolean;
  entry: boolean;
  /** First and last of a run by one author: the name is above the first, the corner of the last is round. */
  first: boolean;
  last: boolean;
  /** Is it the first of its run that was written in its minute? */
  minute: boolean;
};

/** Deleted messages that follow each other, and were deleted by one member. */
export type DeletedRow = {
  kind: "deleted";
  key: string;
  count: number;
  pending: boolean;
  /** The member that has deleted them, where the room knows it: their author, or a moderator. */
  by: string | undefined;
  byAuthor: boolean;
  /** Are they the reader's? */
  mine: boolean;
};

export type Row =
  | MessageRow
  | { kind: "day"; key: string; at: number }
  /** The line above what is new: how many messages that is. */
  | { kind: "new"; key: string; count: string }
  | DeletedRow;

export type RowContext = {
  me: string | undefined;
  /** May the reader answer, react, and change their own messages? */
  mayWrite: boolean;
  /** What the reader has missed, and whether older messages are not loaded. */
  missed?: Missed | undefined;
  older?: boolean;
  /** All messages that are loaded, where `items` are only some of them. */
  all?: readonly Message[];
  sameDay(a: number, b: number): boolean;
  /** Returns the message at a place. Until this code is there, nothing is shown of a message that is answered. */
  messageAt?: ((items: readonly Message[], place: number) => Message | undefined) | undefined;
};

/**
 * Returns the rows at the beginning that need not be made again, and the index of the message that comes next. From the
 * index `from` on, they may differ from those before. The further rows are added to them.
 */
export type Begin = (items: readonly Message[], context: RowContext, before: readonly Row[]) => [rows: Row[], next: number, from: number];

const MINUTE = 60_000;
const RUN_BREAK = 5 * MINUTE;

/**
 * Returns all rows, top to bottom. Those of `before` that are still right are given again as they are, so that they
 * need not be drawn again. `begin` finds those at the beginning that need not be made again, either.
 */
export function rowsOf(items: readonly Message[], context: RowContext, before: readonly Row[] = [], begin?: Begin): Row[] {
  const [rows = [], next = 0, from = 0] = begin?.(items, context, before) ?? [];
  const line = lineAbove(items, context);
  let day = items[next - 1]?.at;
  for (const item of items.slice(next)) {
    const above = rows.at(-1);
    if (day === undefined || !context.sameDay(day, item.at)) rows.push({ kind: "day", key: `day ${item.id}`, at: item.at });
    day = item.at;
    if (line && item === line.item) rows.push(line.row);
    const row = rowOf(item, context.all ?? items, context);
    const last = rows.at(-1);
    if (last?.kind === "deleted" && row.kind === "deleted" && areTogether(last, row)) last.count++;
    else rows.push(row);
    if (row.kind !== "message" || above !== last || !continues(above, row)) continue;
    row.first = above.last = false;
    row.minute = Math.floor(item.at / MINUTE) !== Math.floor(above.item.at / MINUTE);
  }
  const entry = rows.findLast((row) => row.kind === "message" && row.menu);
  if (entry?.kind === "message") entry.entry = true;
  return kept(rows, before, from);
}

function rowOf(item: Message, all: readonly Message[], { me, mayWrite, messageAt }: RowContext): Row {
  const { id, seq, author, body, pending, deletedBy: by } = item;
  const mine = pending?.frame.type === "append" || (author !== undefined && author === me);
  if (!body) return { kind: "deleted", key: `deleted ${id}`, count: 1, pending: pending !== undefined, by, byAuthor: by === author, mine };
  const state = pending ? (pending.error ? "failed" : "sending") : "sent";
  const menu = mayWrite && seq !== undefined;
  const answered = body.replyTo === undefined ? undefined : messageAt?.(all, body.replyTo);
  return { kind: "message", key: id, item, body, answered, mine, state, menu, entry: false, first: true, last: true, minute: true };
}

function areTogether(one: DeletedRow, next: DeletedRow): boolean {
  return (["pending", "by", "byAuthor", "mine"] as const).every((name) => one[name] === next[name]);
}

/** Returns the line above what the reader has missed, and the first message of that. */
function lineAbove(items: readonly Message[], { me, missed, older = false }: RowContext): { item: Message; row: Row } | undefined {
  if (!missed) return undefined;
  const { after, upTo = Infinity } = missed;
  const all = items.filter((item) => isUnread(item, after, me) && (item.seq ?? Infinity) <= upTo);
  const [item] = all;
  const count = countText(all.length, isCutOff(items, older, after));
  return item && { item, row: { kind: "new", key: `new ${after}`, count } };
}

function continues(above: Row | undefined, { item, body, mine }: MessageRow): above is MessageRow {
  if (above?.kind !== "message" || above.mine !== mine) return false;
  const near = Math.abs(item.at - above.item.at) < RUN_BREAK;
  const same = mine || (above.item.author === item.author && above.body.user === body.user);
  return near && same && above.body.role === body.role;
}

/**
 * Returns the rows, with a row of before in the place of one that is the same. Before the index `from`, all are rows of
 * before already.
 */
function kept(rows: Row[], before: readonly Row[], from: number): Row[] {
  const known = new Map(before.slice(from).map((row) => [row.key, row]));
  rows.slice(from).forEach((row, at) => {
    const old = known.get(row.key);
    if (old && same(old, row)) rows[from + at] = old;
  });
  return rows;
}

function same(a: Row, b: Row): boolean {
  for (const name in b) if ((a as Record<string, unknown>)[name] !== (b as Record<string, unknown>)[name]) return false;
  return true;
}
