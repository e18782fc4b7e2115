// What is known of a room's conversation: the messages in the room's order, and what was written here and has not been confirmed.
// Pure: every function takes a conversation and gives the next one. Nothing here knows of sockets or of the page.
import type { Draft, Message } from "./protocol.ts";

/** A message of our own that the room has not confirmed. With a `failure`, the room has refused it. */
export type Pending = { draft: Draft; writtenAt: number; failure?: string };

export type Conversation = {
  /** Has the room's history arrived at least once? */
  loaded: boolean;
  /** What the room has confirmed, in the room's order. */
  settled: readonly Message[];
  /** What it has not, in the order it was written. */
  outbox: readonly Pending[];
  /** Ids of messages before which others may be missing: we were away for longer than one page of history. */
  gaps: ReadonlySet<string>;
};

export const NOTHING: Conversation = { loaded: false, settled: [], outbox: [], gaps: new Set() };

/** The history a new connection brings. It adds to what is known and never takes away: not older pages, not unsent messages. */
export function withHistory(before: Conversation, page: readonly Message[]): Conversation {
  const first = page[0];
  const gaps = first && leavesGap(before.settled, page) ? new Set([...before.gaps, first.id]) : before.gaps;
  return page.reduce(withMessage, { ...before, loaded: true, gaps });
}

/** A message the room has taken. If it is one of ours, it is settled now. */
export function withMessage(before: Conversation, message: Message): Conversation {
  return { ...withoutPending(before, message.id), settled: placed(before.settled, message) };
}

/** New words for a message we know. One we do not know lies before our page of history and is left there. */
export function withUpdate(before: Conversation, message: Message): Conversation {
  return before.settled.some((known) => known.id === message.id) ? withMessage(before, message) : before;
}

/** A message just written here. */
export function withDraft(before: Conversation, draft: Draft, writtenAt: number): Conversation {
  return { ...before, outbox: [...before.outbox, { draft, writtenAt }] };
}

/** The room has refused one of our messages. What is settled stays settled, whatever is said of it later. */
export function withFailure(before: Conversation, id: string, failure: string): Conversation {
  return changed(before, id, (pending) => ({ ...pending, failure }));
}

/** A refused message is to be tried again. */
export function withRetry(before: Conversation, id: string): Conversation {
  return changed(before, id, ({ draft, writtenAt }) => ({ draft, writtenAt }));
}

/** A refused message is given up. */
export function withoutPending(before: Conversation, id: string): Conversation {
  const outbox = before.outbox.filter((pending) => pending.draft.id !== id);
  return outbox.length < before.outbox.length ? { ...before, outbox } : before;
}

/** What a new connection has to send (again), in order. */
export function unsent(conversation: Conversation): Draft[] {
  return conversation.outbox.filter((pending) => pending.failure === undefined).map((pending) => pending.draft);
}

function changed(before: Conversation, id: string, change: (pending: Pending) => Pending): Conversation {
  return { ...before, outbox: before.outbox.map((pending) => (pending.draft.id === id ? change(pending) : pending)) };
}

/** Puts a message where `seq` says. One without `seq` keeps its place if it is known and goes to the end if it is new. */
function placed(settled: readonly Message[], message: Message): readonly Message[] {
  const at = settled.findLastIndex((known) => known.id === message.id);
  const known = settled[at];
  if (known && (message.seq === undefined || message.seq === known.seq)) return settled.with(at, { ...known, ...message });
  const others = known ? settled.toSpliced(at, 1) : settled;
  const before = others.findLastIndex((other) => !follows(other, message));
  return others.toSpliced(before + 1, 0, message);
}

function follows(other: Message, message: Message): boolean {
  return other.seq !== undefined && message.seq !== undefined && other.seq > message.seq;
}

function leavesGap(settled: readonly Message[], page: readonly Message[]): boolean {
  const newest = settled.at(-1)?.seq;
  const oldest = page[0]?.seq;
  if (newest === undefined || oldest === undefined || oldest <= newest + 1) return false;
  const known = new Set(settled.map((message) => message.id));
  return !page.some((message) => known.has(message.id));
}
