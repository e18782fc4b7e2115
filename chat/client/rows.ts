// A conversation as it stands on the page: one row for every message, with day separators between them, and runs of one author grouped.
import type { Conversation, Pending } from "./conversation.ts";
import type { Message } from "./protocol.ts";

export type MessageState = "sent" | "sending" | "failed";

export type MessageRow = {
  kind: "message";
  key: string;
  message: Message;
  mine: boolean;
  state: MessageState;
  failure?: string;
  /** First and last of a run by one author: the name stands over the first, the corner of the last is round. */
  first: boolean;
  last: boolean;
};

export type Row = MessageRow | { kind: "day"; key: string; at: number } | { kind: "gap"; key: string };

export type RowContext = { isMine(id: string): boolean; sameDay(a: number, b: number): boolean };

const RUN_BREAK = 5 * 60_000;

/** All rows, top to bottom. */
export function rowsOf(conversation: Conversation, context: RowContext): Row[] {
  const rows: Row[] = [];
  for (const message of allMessages(conversation, context)) {
    const above = rows.at(-1);
    if (conversation.gaps.has(message.key)) rows.push({ kind: "gap", key: `gap ${message.key}` });
    const day = newDay(rows, message, context);
    if (day !== undefined) rows.push({ kind: "day", key: `day ${message.key}`, at: day });
    message.first = above !== rows.at(-1) || !continues(above, message);
    if (!message.first && above?.kind === "message") above.last = false;
    rows.push(message);
  }
  return rows;
}

function allMessages(conversation: Conversation, { isMine }: RowContext): MessageRow[] {
  const settled = conversation.settled.map((message) => row(message, isMine(message.id), "sent"));
  return settled.concat(conversation.outbox.map(pendingRow));
}

function pendingRow({ draft, writtenAt, failure }: Pending): MessageRow {
  const pending = row({ ...draft, at: writtenAt }, true, failure === undefined ? "sending" : "failed");
  return failure === undefined ? pending : { ...pending, failure };
}

function row(message: Message, mine: boolean, state: MessageState): MessageRow {
  return { kind: "message", key: message.id, message, mine, state, first: true, last: true };
}

function newDay(rows: readonly Row[], { message }: MessageRow, { sameDay }: RowContext): number | undefined {
  if (message.at === undefined) return undefined;
  const before = rows.findLast((row) => row.kind === "message" && row.message.at !== undefined);
  const at = before?.kind === "message" ? before.message.at : undefined;
  return at === undefined || !sameDay(at, message.at) ? message.at : undefined;
}

function continues(above: Row | undefined, { message, mine }: MessageRow): boolean {
  if (above?.kind !== "message" || above.mine !== mine) return false;
  const earlier = above.message;
  const near = Math.abs((message.at ?? 0) - (earlier.at ?? 0)) < RUN_BREAK;
  return near && earlier.user === message.user && earlier.role === message.role;
}
