// Stores unacknowledged operations over reloads. Each visit has its own outbox in the browser, and holds a lock as long
// as it lasts; the next visit takes over the outboxes whose locks are free. Where there are no locks, a tab finds only
// what it has left itself. Should two tabs send the same after all, its ids make that harmless.
import { safeStorage, type Memory } from "./storage.ts";
import { newest, type Outbox, type Pending } from "./outbox.ts";
import { randomId } from "./random-id.ts";

export type OutboxStorage<D, C> = {
  /** Notes what is not acknowledged now. Returns `false` if this browser does not keep it. */
  remember(outbox: Outbox<D, C>): boolean;
  /**
   * Begins the visit, or goes on with it: takes over what was left behind, and keeps others from taking what is noted
   * here. Returns the stamp of the newest that any page has noted.
   */
  hold(): number;
  /** Ends the visit: stored operations are for the next one. */
  release(): void;
};

/**
 * Does nothing before the first `hold()`. Then it calls `adopt` for each outbox that was left behind, at once or soon;
 * what that is given must be remembered when it returns.
 */
export function outboxStorage<D, C>(room: string, memory: Memory, adopt: (outbox: Outbox<D, C>) => void): OutboxStorage<D, C> {
  const prefix = `party.outbox.${room}/`; // There is no `/` in a segment, so no room is taken for another whose name begins alike.
  const own = prefix + randomId();
  const session = safeStorage(() => memory.session);
  const local = safeStorage(() => memory.local);
  let locks: Memory["locks"];
  let kept = session; // Where there are locks, it is what all tabs share.
  let release = () => {};
  let released = true;
  let noted = true; // Is what is not acknowledged kept as it is now?
  let fitted: ReadonlySet<string> = new Set(); // The ids of the operations that are kept.
  let looked = false;

  function holdOwn(): void {
    released = false;
    if (locks) hold(locks, own, {}, () => new Promise<void>((resolve) => (released ? resolve() : (release = resolve))));
  }

  function note(outbox: Outbox<D, C>): boolean {
    const fits = kept.remember(own, outbox.length ? JSON.stringify(outbox) : undefined);
    if (fits) fitted = new Set(outbox.map(({ frame }) => frame.id));
    return fits;
  }

  function take(key: string): void {
    if (released) return;
    const text = kept.recall(key);
    const outbox = read<D, C>(text);
    kept.remember(key, undefined); // First: where the storage is nearly full there is no place for both.
    if (outbox.length) adopt(outbox);
    if (!noted) kept.remember(key, text);
  }

  function takeLeft(left: readonly string[]): void {
    if (!locks) return left.forEach(take);
    // When this page was loaded again, the one before it may not be gone yet: its outbox is waited for.
    const previous = session.recall(prefix);
    session.remember(prefix, own);
    for (const key of left) hold(locks, key, { ifAvailable: key !== previous }, () => take(key));
  }

  return {
    remember(outbox) {
      noted = looked && note(outbox);
      if (looked && !noted) {
        // What was kept is kept, without what is settled or discarded meanwhile: that must not come back.
        const still = outbox.filter(({ frame }) => fitted.has(frame.id));
        if (still.length < fitted.size) note(still);
      }
      return noted || !looked || !outbox.length;
    },
    hold() {
      if (!released) return 0;
      if (looked) return holdOwn(), 0;
      looked = true;
      ({ locks } = memory);
      if (locks) kept = local;
      const left = kept.keys(prefix);
      const stamp = newest(left.flatMap((key) => read(kept.recall(key))));
      holdOwn();
      takeLeft(left);
      return stamp;
    },
    release() {
      released = true;
      release();
    },
  };
}

// Locks may be forbidden as storage may be.
function hold(locks: NonNullable<Memory["locks"]>, name: string, options: { ifAvailable?: boolean }, run: () => unknown): void {
  locks.request(name, options, (lock) => (lock ? run() : undefined)).catch(() => {});
}

function read<D, C>(text: string | undefined): Outbox<D, C> {
  try {
    return (JSON.parse(text ?? "[]") as Pending<D, C>[]).filter(({ frame }) => typeof frame.id === "string");
  } catch {
    return [];
  }
}
