// The operations that were written here and are not acknowledged. Pure: every function takes an outbox and returns the
// next one.
import type { ClientFrame, Code } from "./wire.ts";

/** An operation on the log, or a command of the app: `D` is what is sent as a body, `C` the data of a command. */
export type Operation<D = unknown, C = unknown> =
  | Extract<ClientFrame<D, never>, { type: "append" | "edit" | "delete" }>
  | { type: "command"; id: string; data: C };

/** Why something was not taken. */
export type Failure = { code: Code; message: string };

export type Pending<D = unknown, C = unknown> = {
  frame: Operation<D, C>;
  /** The time at which it was written, in milliseconds since 1970, by the device's clock. */
  at: number;
  /** Its place among what other pages of this browser have written. Unlike `at`, it never goes back. */
  stamp?: number;
  /** The author, where there are accounts and as soon as the room has sent it. */
  member?: string;
  /** The room's error, if it will not take this. Then it waits for the app to retry or discard it. */
  error?: Failure;
};

/** In the order it was written. */
export type Outbox<D = unknown, C = unknown> = readonly Pending<D, C>[];

/** Returns the outbox without operations that were acknowledged or given up. */
export function without<D, C>(outbox: Outbox<D, C>, ids: ReadonlySet<string>): Outbox<D, C> {
  const rest = outbox.filter(({ frame }) => !ids.has(frame.id));
  return rest.length < outbox.length ? rest : outbox;
}

/** Returns the outbox with one operation refused, or to be tried again. */
export function withError<D, C>(outbox: Outbox<D, C>, id: string, error?: Failure): Outbox<D, C> {
  return outbox.map((pending) => {
    if (pending.frame.id !== id) return pending;
    const { error: _, ...rest } = pending;
    return error ? { ...rest, error } : rest;
  });
}

/** Returns the stamp of the newest of these. */
export function newest(outbox: Outbox): number {
  return Math.max(0, ...outbox.map(({ stamp, at }) => stamp ?? at));
}

/**
 * Returns the outbox with the operations of another page. Those of one page stay in their order, whatever its clock
 * was.
 */
export function withAdopted<D, C>(outbox: Outbox<D, C>, left: Outbox<D, C>): Outbox<D, C> {
  const known = new Set(outbox.map(({ frame }) => frame.id));
  const rest = left.filter(({ frame }) => !known.has(frame.id));
  const all: Pending<D, C>[] = [];
  for (const own of outbox) {
    const later = rest.findIndex((one) => newest([one]) > newest([own]));
    all.push(...rest.splice(0, later < 0 ? rest.length : later), own);
  }
  return [...all, ...rest];
}

/** Returns the outbox with `member` as the author of operations without one, if it is known. */
export function signed<D, C>(outbox: Outbox<D, C>, member: string | undefined): Outbox<D, C> {
  return member === undefined ? outbox : outbox.map((pending) => ({ member, ...pending }));
}

/**
 * Returns the operations to send now: at most `most`, none that is under way, and none that was written after `held`,
 * as long as that waits.
 */
export function toSend<D, C>(outbox: Outbox<D, C>, underWay: ReadonlySet<string>, most: number, held?: string): Operation<D, C>[] {
  const end = outbox.findIndex(({ frame, error }) => frame.id === held && !error);
  return outbox
    .slice(0, end + 1 || undefined)
    .filter(({ frame, error }) => !error && !underWay.has(frame.id))
    .slice(0, most)
    .map(({ frame }) => frame);
}
