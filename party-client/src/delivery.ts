// What was written here, on its way: which entries are under way on this connection, which are next, and what has become of each.
import { source, type Observable } from "./observable.ts";
import { signed, toSend, withAdopted, withError, without, type Change, type Outbox, type Pending } from "./outbox.ts";
import { RoomError } from "./room-error.ts";
import type { Ack, Code, Fault } from "./wire.ts";

/** What was written: its id, and when it is acknowledged. */
export type Sent = {
  id: string;
  /** Rejects with a `RoomError` when the room refuses it or it is discarded. Nobody needs to look at it: `outbox` tells the same. */
  done: Promise<{ seq: number }>;
};

export type Delivery<B> = {
  outbox: Observable<Outbox<B>>;
  /** Throws when too much is unsent already. */
  write(frame: Change<B>): Sent;
  retry(id: string): Sent;
  discard(id: string): void;
  /** Takes over what another visit has left, and from then on writes as `member`. */
  adopt(left: Outbox<B>, member?: string): void;
  /** What others have written here. It waits for them, and is neither shown nor sent. */
  readonly others: Outbox<B>;
  /** How many frames the room is likely to take at once. */
  readonly window: number;
  /** What is to be sent now, together with so many other frames. From then on it is under way. */
  next(others: number): Change<B>[];
  readonly underWay: boolean;
  /** These are in the log. Gives whether any was under way. */
  settle(entries: readonly Ack[]): boolean;
  /** The room has not taken something. Gives whether it was an entry. */
  refuse(fault: Fault): boolean;
  /** Nothing is under way any more. */
  lost(): void;
};

const MOST = 1000;
const WINDOW = 16; // Entries under way at a time: few enough for a room's limits, and so for their order to be kept.

/** Codes of a frame that the room cannot read: it takes nothing of the same array. */
const UNREADABLE: readonly Code[] = ["bad_message", "binary", "not_json", "invalid", "empty", "too_large"];

type Waiting = { resolve(value: { seq: number }): void; reject(error: RoomError): void };

export function delivery<B>(): Delivery<B> {
  const outbox = source<Outbox<B>>([]);
  const sent = new Set<string>();
  const waiting = new Map<string, Waiting>();
  let window = WINDOW; // Less after the room has said that it was too much, and more again with each that it takes.
  let full = false;
  let me: string | undefined; // Where there are accounts.
  let others: Outbox<B> = [];

  function expect(id: string): Sent {
    const done = new Promise<{ seq: number }>((resolve, reject) => waiting.set(id, { resolve, reject }));
    done.catch(() => {}); // Who does not look at it is told by the outbox.
    return { id, done };
  }

  function reject(id: string, code: RoomError["code"], message: string): void {
    waiting.get(id)?.reject(new RoomError(code, message));
    waiting.delete(id);
  }

  return {
    outbox,
    write(frame) {
      if (outbox.value.length >= MOST) throw new RoomError("outbox_full", `${MOST} entries are unsent: wait until the room has taken some`);
      outbox.set([...outbox.value, ...signed([{ frame, at: Date.now() }], me)]);
      return expect(frame.id);
    },
    retry(id) {
      outbox.set(withError(outbox.value, id));
      return expect(id);
    },
    discard(id) {
      outbox.set(without(outbox.value, new Set([id])));
      reject(id, "discarded", "it was discarded");
    },
    adopt(left, member = me) {
      me = member;
      const all = signed(withAdopted(outbox.value, [...others, ...left]), me);
      const isOwn = ({ member }: Pending<B>) => me === undefined || member === me;
      others = all.filter((pending) => !isOwn(pending));
      outbox.set(all.filter(isOwn));
    },
    get others() {
      return others;
    },
    get window() {
      return window;
    },
    next(others) {
      // What is sent before it is known that the room has refused what came before it may overtake that. So a long outbox goes window by
      // window; only who writes less than that does not wait for answers.
      full &&= sent.size > 0;
      const frames = full ? [] : toSend(outbox.value, sent, window - others);
      for (const { id } of frames) sent.add(id);
      full ||= sent.size + others >= window;
      return frames;
    },
    get underWay() {
      return sent.size > 0;
    },
    settle(entries) {
      const before = sent.size;
      for (const { id, seq } of entries) {
        waiting.get(id)?.resolve({ seq });
        waiting.delete(id);
        if (sent.delete(id)) window = Math.min(window + 1, WINDOW);
      }
      outbox.set(without(outbox.value, new Set(entries.map(({ id }) => id))));
      return sent.size < before;
    },
    refuse({ id, code, message, retryAfter }) {
      const again = retryAfter !== undefined;
      if (again || UNREADABLE.includes(code)) {
        // What came with it in one array is not taken either, and some rooms cannot say which one it was. All of it is sent again,
        // fewer at a time, until the guilty one stands alone.
        if (!again && sent.size === 1) id ??= [...sent][0];
        window = Math.max(window >> 1, 1);
        sent.clear();
      }
      if (id === undefined) return false;
      sent.delete(id);
      if (!again) {
        outbox.set(withError(outbox.value, id, { code, message }));
        reject(id, code, message);
      }
      return true;
    },
    lost: () => sent.clear(),
  };
}
