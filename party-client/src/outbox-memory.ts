// Keeping what is not acknowledged over reloads. Each visit has an outbox of its own in the browser, and holds a lock as long as it lasts;
// the next visit takes over the outboxes whose locks are free. Where there are no locks, a tab finds only what it has left itself.
// Should two tabs send the same after all, its ids make that harmless.
import { shelf, type Memory } from "./memory.ts";
import type { Outbox, Pending } from "./outbox.ts";
import { randomId } from "./random-id.ts";

export type OutboxMemory<B> = {
  /** Notes what is not acknowledged now. */
  remember(outbox: Outbox<B>): void;
  /** The visit ends: what is noted is for the next one. */
  release(): void;
  /** It goes on after all. */
  hold(): void;
};

/** Calls `adopt` for each outbox that was left behind, at once or soon; what it is given must be remembered when it returns. */
export function outboxMemory<B>(room: string, memory: Memory, adopt: (outbox: Outbox<B>) => void): OutboxMemory<B> {
  const { locks } = memory;
  const prefix = `party.outbox.${room}/`; // No room has a `/` in its name, so none is taken for another whose name begins alike.
  const own = prefix + randomId();
  const session = shelf(() => memory.session);
  const kept = locks ? shelf(() => memory.local) : session;
  const left = kept.keys(prefix);
  let release = () => {};
  let released = true;
  let noted = true; // Is what is not acknowledged kept as it is now?

  function holdOwn(): void {
    if (!released) return;
    released = false;
    if (locks) hold(locks, own, {}, () => new Promise<void>((resolve) => (released ? resolve() : (release = resolve))));
  }

  function take(key: string): void {
    if (released) return;
    const text = kept.recall(key);
    const outbox = read<B>(text);
    kept.remember(key, undefined); // First: where the storage is nearly full there is no place for both.
    if (outbox.length) adopt(outbox);
    if (!noted) kept.remember(key, text);
  }

  holdOwn();
  if (locks) {
    // When this page was loaded anew, the one before it may not be gone yet: its outbox is waited for.
    const previous = session.recall(prefix);
    session.remember(prefix, own);
    for (const key of left) hold(locks, key, { ifAvailable: key !== previous }, () => take(key));
  } else left.forEach(take);

  return {
    remember: (outbox) => void (noted = kept.remember(own, outbox.length ? JSON.stringify(outbox) : undefined)),
    release() {
      released = true;
      release();
    },
    hold: holdOwn,
  };
}

// Locks may be forbidden as storage may be.
function hold(locks: NonNullable<Memory["locks"]>, name: string, options: { ifAvailable?: boolean }, run: () => unknown): void {
  locks.request(name, options, (lock) => (lock ? run() : undefined)).catch(() => {});
}

function read<B>(text: string | undefined): Outbox<B> {
  try {
    return (JSON.parse(text ?? "[]") as Pending<B>[]).filter(({ frame }) => typeof frame.id === "string");
  } catch {
    return [];
  }
}
