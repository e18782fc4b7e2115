// What was written here and is not acknowledged. Pure: every function takes an outbox and gives the next one.
import type { ClientFrame, Code } from "./wire.ts";

/** An operation on the log, or a command of the app: `D` is what is sent as a body, `C` the data of a command. */
export type Operation<D = unknown, C = unknown> =
  | Extract<ClientFrame<D, never>, { type: "append" | "edit" | "delete" }>
  | { type: "command"; id: string; data: C };

/** Why something was not taken. */
export type Failure = { code: Code; message: string };

export type Pending<D = unknown, C = unknown> = {
  frame: Operation<D, C>;
  /** When it was written, in milliseconds since 1970. */
  at: number;
  /** Who has written it, where there are accounts and as soon as the room has said. */
  member?: string;
  /** The room's error, if it will not take this. Then it waits for the app to retry or discard it. */
  error?: Failure;
};

/** In the order it was written. */
export type Outbox<D = unknown, C = unknown> = readonly Pending<D, C>[];

/** Some of it has been acknowledged, or given up. */
export function without<D, C>(outbox: Outbox<D, C>, ids: ReadonlySet<string>): Outbox<D, C> {
  const rest = outbox.filter(({ frame }) => !ids.has(frame.id));
  return rest.length < outbox.length ? rest : outbox;
}

/** One of it was refused, or is to be tried again. */
export function withError<D, C>(outbox: Outbox<D, C>, id: string, error?: Failure): Outbox<D, C> {
  return outbox.map((pending) => {
    if (pending.frame.id !== id) return pending;
    const { error: _, ...rest } = pending;
    return error ? { ...rest, error } : rest;
  });
}

/** With what a tab has left behind: each where it belongs by its time. */
export function withAdopted<D, C>(outbox: Outbox<D, C>, left: Outbox<D, C>): Outbox<D, C> {
  const known = new Set(outbox.map(({ frame }) => frame.id));
  return [...left.filter(({ frame }) => !known.has(frame.id)), ...outbox].sort((one, other) => one.at - other.at);
}

/** What nobody has signed is `member`'s, if that is known. */
export function signed<D, C>(outbox: Outbox<D, C>, member: string | undefined): Outbox<D, C> {
  return member === undefined ? outbox : outbox.map((pending) => ({ member, ...pending }));
}

/** Returns what is to be sent now: at most so many, and none that is under way. */
export function toSend<D, C>(outbox: Outbox<D, C>, underWay: ReadonlySet<string>, most: number): Operation<D, C>[] {
  return outbox
    .filter(({ frame, error }) => !error && !underWay.has(frame.id))
    .slice(0, most)
    .map(({ frame }) => frame);
}
