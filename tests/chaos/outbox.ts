// The operations of a client that the room has not answered: kept over reconnects, sent again in its order.

import type { Operation } from "./history.ts";

/** The limits of the protocol: the frames in one text, and its bytes. */
const FRAMES = 64;
const BYTES = 48 * 1024;

/** How many operations are under way at most: a member may send 30 frames at once, and then 10 a second. */
const UNDER_WAY = 30;

/** An operation that waits for its answer. */
interface Waiting {
  readonly operation: Operation;
  /** Whether it was sent on the connection that there is now. */
  underWay: boolean;
}

export class Outbox {
  /** The items of this client, by their `seq`. */
  readonly items: number[] = [];
  /** Operations that were accepted, and those that were refused without a time to try again, by their codes. */
  accepts = 0;
  readonly refusals: string[] = [];
  readonly #waiting = new Map<string, Waiting>();
  readonly #send: (operations: readonly Operation[]) => boolean;
  /** The operation that was refused for a while. Nothing that was written after it is sent before it was accepted. */
  #held: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `send` says whether it could send. */
  constructor(send: (operations: readonly Operation[]) => boolean) {
    this.#send = send;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has(id: string): boolean {
    return this.#waiting.has(id);
  }

  add(operation: Operation): void {
    this.#waiting.set(operation.id, { operation, underWay: false });
    this.#flush();
  }

  /** There is a new connection: everything goes out again. */
  resend(): void {
    this.stop();
    this.#flush();
  }

  /** There is no connection any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#held = undefined;
    for (const waiting of this.#waiting.values()) waiting.underWay = false;
  }

  accepted(id: string, seq: number | undefined): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (waiting.operation.type === "append" && seq !== undefined) this.items.push(seq);
    this.accepts++;
    this.#answered(id);
  }

  refused(id: string, code: string, retryAfter: number | undefined): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (retryAfter === undefined) {
      this.refusals.push(code);
      return this.#answered(id);
    }
    waiting.underWay = false;
    const order = [...this.#waiting.keys()];
    // The first one that is refused is waited for; what was sent after it is refused with it.
    if (this.#held !== undefined && order.indexOf(this.#held) < order.indexOf(id)) return;
    this.#held = id;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendWaiting([waiting]), retryAfter);
  }

  #answered(id: string): void {
    this.#waiting.delete(id);
    if (this.#held === id) {
      clearTimeout(this.#timer);
      this.#held = undefined;
    }
    this.#flush();
  }

  #flush(): void {
    if (this.#held !== undefined) return;
    let [text, bytes]: [Waiting[], number] = [[], 0];
    for (const waiting of [...this.#waiting.values()].slice(0, UNDER_WAY)) {
      if (waiting.underWay) continue;
      const size = JSON.stringify(waiting.operation).length;
      if (text.length === FRAMES || bytes + size > BYTES) {
        if (!this.#sendWaiting(text)) return;
        [text, bytes] = [[], 0];
      }
      text.push(waiting);
      bytes += size;
    }
    if (text.length > 0) this.#sendWaiting(text);
  }

  #sendWaiting(text: readonly Waiting[]): boolean {
    for (const waiting of text) waiting.underWay = true;
    const sent = this.#send(text.map(({ operation }) => operation));
    if (!sent) for (const waiting of text) waiting.underWay = false;
    return sent;
  }
}
