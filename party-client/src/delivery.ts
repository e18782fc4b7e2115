// The operations that were written here, on their way to the log: the next ones to send, and the result of each.
import { source, type Observable } from "./observable.ts";
import { newest, signed, toSend, withAdopted, withError, without, type Failure, type Operation, type Outbox, type Pending } from "./outbox.ts";
import { RoomError } from "./room-error.ts";
import { waiting, type Sent, type Waiting } from "./sent.ts";
import type { Ack } from "./wire.ts";

export type Delivery<D, C> = {
  outbox: Observable<Outbox<D, C>>;
  /** Throws when too much is unsent already. */
  write(frame: Operation<D, C>): Sent<Answer>;
  retry(id: string): Sent<Answer>;
  discard(id: string): void;
  /** Gives new operations a stamp after this one. */
  after(stamp: number): void;
  /** Takes over what another visit has left, and from then on writes as `member`. */
  adopt(left: Outbox<D, C>, member?: string): void;
  /** Unsent messages of other members in this browser. They wait for those members, and are not shown and not sent. */
  readonly others: Outbox<D, C>;
  /** Returns the frames to send now: at most `most`, and none that would overtake a delayed one. */
  next(underWay: ReadonlySet<string>, most: number): Operation<D, C>[];
  /** Removes the operations that the room has accepted. */
  settle(acks: readonly Ack[]): void;
  /** Delays an operation that the room refuses for a while. */
  later(id: string): void;
  /** Marks an operation as refused. Returns whether it was written here. */
  refuse(id: string, error: Failure): boolean;
};

/** The answer to an operation: its place in the log. A command need not have one. */
type Answer = { seq?: number };

const MOST = 1000;

export function delivery<D, C>(): Delivery<D, C> {
  const outbox = source<Outbox<D, C>>([]);
  const open = new Map<string, Waiting<Answer>>();
  let me: string | undefined; // Where there are accounts.
  let others: Outbox<D, C> = [];
  let last = 0; // The stamp of what was written last.
  let held: string | undefined; // The first of those that the room has refused for a while.

  function expect(id: string): Sent<Answer> {
    const one = waiting<Answer>(id);
    open.set(id, one);
    return one.sent;
  }

  function reject(id: string, error: Failure): void {
    open.get(id)?.refuse(error);
    // Stryker disable next-line CallExpression: frees memory; a promise that is settled stays as it is.
    open.delete(id);
  }

  return {
    outbox,
    write(frame) {
      if (outbox.value.length >= MOST) throw new RoomError("outbox_full", `${MOST} entries are unsent`);
      const at = Date.now();
      last = Math.max(at, last + 1);
      outbox.set([...outbox.value, ...signed([{ frame, at, stamp: last }], me)]);
      return expect(frame.id);
    },
    retry(id) {
      outbox.set(withError(outbox.value, id));
      return expect(id);
    },
    discard(id) {
      outbox.set(without(outbox.value, new Set([id])));
      reject(id, { code: "discarded", message: "it was discarded" });
    },
    adopt(left, member = me) {
      me = member;
      this.after(newest(left));
      const all = signed(withAdopted(withAdopted(outbox.value, others), left), me);
      const isOwn = ({ member }: Pending<D, C>) => me === undefined || member === me;
      others = all.filter((pending) => !isOwn(pending));
      outbox.set(all.filter(isOwn));
    },
    get others() {
      return others;
    },
    after: (stamp) => void (last = Math.max(last, stamp)),
    next: (underWay, most) => toSend(outbox.value, underWay, most, held),
    later(id) {
      held = outbox.value.find(({ frame, error }) => !error && [held, id].includes(frame.id))?.frame.id;
    },
    settle(acks) {
      for (const { id, seq } of acks) {
        open.get(id)?.resolve(seq === undefined ? {} : { seq });
        // Stryker disable next-line CallExpression: frees memory; a promise that is settled stays as it is.
        open.delete(id);
      }
      outbox.set(without(outbox.value, new Set(acks.map(({ id }) => id))));
    },
    refuse(id, error) {
      const isOwn = outbox.value.some(({ frame }) => frame.id === id);
      if (isOwn) outbox.set(withError(outbox.value, id, error));
      reject(id, error);
      return isOwn;
    },
  };
}
