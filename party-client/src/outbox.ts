// What was written here and is not acknowledged. Pure: every function takes an outbox and gives the next one.
import type { ClientFrame, Code } from "./wire.ts";

/** An append, edit or delete. */
export type Change<B> = Extract<ClientFrame<B, never>, { id: string }>;

/** Why something was not taken. */
export type Failure = { code: Code; message: string };

export type Pending<B> = {
  frame: Change<B>;
  /** When it was written, in milliseconds since 1970. */
  at: number;
  /** Who has written it, where there are accounts and as soon as the room has said. */
  member?: string;
  /** The room's error, if it will not take this. Then it waits for the app to retry or discard it. */
  error?: Failure;
};

/** In the order it was written. */
export type Outbox<B> = readonly Pending<B>[];

/** Some of it has been acknowledged, or given up. */
export function without<B>(outbox: Outbox<B>, ids: ReadonlySet<string>): Outbox<B> {
  const rest = outbox.filter(({ frame }) => !ids.has(frame.id));
  return rest.length < outbox.length ? rest : outbox;
}

/** One of it was refused, or is to be tried again. */
export function withError<B>(outbox: Outbox<B>, id: string, error?: Failure): Outbox<B> {
  return outbox.map((pending) => {
    if (pending.frame.id !== id) return pending;
    const { error: _, ...rest } = pending;
    return error ? { ...rest, error } : rest;
  });
}

/** With what a tab has left behind: each where it belongs by its time. */
export function withAdopted<B>(outbox: Outbox<B>, left: Outbox<B>): Outbox<B> {
  const known = new Set(outbox.map(({ frame }) => frame.id));
  return [...left.filter(({ frame }) => !known.has(frame.id)), ...outbox].sort((one, other) => one.at - other.at);
}

/** What nobody has signed is `member`'s, if that is known. */
export function signed<B>(outbox: Outbox<B>, member: string | undefined): Outbox<B> {
  return member === undefined ? outbox : outbox.map((pending) => ({ member, ...pending }));
}

/** What is to be sent now, if `sent` is under way and no more than `window` is to be. */
export function toSend<B>(outbox: Outbox<B>, sent: ReadonlySet<string>, window: number): Change<B>[] {
  return outbox
    .filter(({ frame, error }) => !error && !sent.has(frame.id))
    .slice(0, Math.max(window - sent.size, 0))
    .map(({ frame }) => frame);
}
