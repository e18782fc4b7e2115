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
  /** When it was written, in milliseconds since 1970, by the device's clock. */
  at: number;
  /** Its place among what other pages of this browser have written. Unlike `at`, it never goes back. */
  stamp?: number;
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

/** Returns the stamp of the newest of these. */
export function newest(outbox: Outbox): number {
  return Math.max(0, ...outbox.map(({ stamp, at }) => stamp ?? at));
}

/**
 * With what another page has left behind. What one page has written stays in its order, whatever its clock has said.
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

/** What nobody has signed is `member`'s, if that is known. */
export function signed<D, C>(outbox: Outbox<D, C>, member: string | undefined): Outbox<D, C> {
  return member === undefined ? outbox : outbox.map((pending) => ({ member, ...pending }));
}

/**
 * Returns what is to be sent now: at most so many, none that is under way, and nothing that was written after `held`,
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
