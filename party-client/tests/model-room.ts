// A room in memory: the smallest one that keeps the guarantees of docs/protocol.md about the log.
import type { ClientFrame, Entry, ServerFrame, Welcome } from "../src/wire.ts";
import type { Peer } from "./fake-socket.ts";

type Body = { content: string };
type Frame = ClientFrame<Body, unknown>;
type Operation = Extract<Frame, { type: "append" | "edit" | "delete" }>;

/** The effect of a frame: an answer to its sender, or something for everyone. */
type Effect = { answer?: ServerFrame<Body, unknown>; news?: ServerFrame<Body, unknown> };

const PAGE = 4; // Items of a page.
const MISSED = 12; // Entries that are caught up on; who has missed more starts from the newest page.

export class ModelRoom {
  readonly epoch = "e1";
  readonly log: Entry<Body>[] = [];
  readonly #ids = new Map<string, Entry<Body>>();
  readonly #members = new Map<Peer, string>();
  #made = 0;

  /** Lets a client in, and gives its welcome. */
  admit(peer: Peer): ServerFrame<Body, unknown> {
    const secret = peer.protocols[1]?.replace("party.bearer.", "") ?? `s${++this.#made}`;
    this.#members.set(peer, `member of ${secret}`);
    const you = { member: `member of ${secret}`, role: "member", ...(peer.protocols[1] ? {} : { secret }) } as const;
    return { type: "welcome", you, now: Date.now(), presence: { count: 1 }, ...this.#caughtUp(peer.url.searchParams) };
  }

  forget(peer: Peer): void {
    this.#members.delete(peer);
  }

  hear(peer: Peer, frame: Frame): Effect {
    switch (frame.type) {
      case "append":
      case "edit":
      case "delete":
        return this.#take(this.#members.get(peer) ?? "", frame);
      case "command":
        return this.#take(this.#members.get(peer) ?? "", { type: "append", id: frame.id, body: { content: "by a command" } });
      case "history": {
        const items = this.items().filter(({ seq }) => seq < (frame.before ?? Infinity));
        return { answer: { type: "page", id: frame.id, before: frame.before ?? 0, entries: items.slice(-PAGE), more: items.length > PAGE } };
      }
      case "presence":
      case "moderate":
      case "token":
        return { answer: { type: "ack", id: frame.id } };
      default:
        return {};
    }
  }

  get peers(): Peer[] {
    return [...this.#members.keys()];
  }

  /** Returns all items as they are now. */
  items(): Entry<Body>[] {
    return this.log.filter(({ target }) => target === undefined).map((item) => this.#now(item));
  }

  #take(author: string, frame: Operation): Effect {
    const { id } = frame;
    const known = this.#ids.get(id);
    if (known?.author === author) return { answer: { type: "ack", id, seq: known.seq } };
    if (known) return { answer: fault(id, "conflict") };
    if (frame.type !== "append") {
      const item = this.items().find(({ seq }) => seq === frame.target);
      if (item?.body === undefined) return { answer: fault(id, "not_found") };
    }
    const { type: _, ...rest } = frame;
    const entry: Entry<Body> = { seq: this.log.length + 1, author, at: 1, ...rest };
    this.log.push(entry);
    this.#ids.set(id, entry);
    return { news: { type: "entry", ...entry } };
  }

  #caughtUp(position: URLSearchParams): Pick<Welcome<Body, unknown>, "epoch" | "position" | "head" | "recovered" | "entries" | "older"> {
    const { epoch, log } = this;
    const head = log.length;
    const given = (position.get("position") ?? "").split(".");
    const missed = head - Number(given[1]);
    const isKnown = given.join(".") === this.#position(Number(given[1]));
    if (isKnown && missed >= 0 && missed <= MISSED) {
      return { epoch, position: this.#position(head), head, recovered: true, entries: log.slice(head - missed).map((entry) => this.#now(entry)), older: false };
    }
    const items = this.items();
    return { epoch, position: this.#position(head), head, recovered: false, entries: items.slice(-PAGE), older: items.length > PAGE };
  }

  #position(seq: number): string {
    const { at = 0, id = "" } = this.log[seq - 1] ?? {};
    return `${this.epoch}.${seq}.${at}.${id}`;
  }

  /** Returns an item as it is now; a change with the body that its item has by now. */
  #now(entry: Entry<Body>): Entry<Body> {
    const last = this.log.findLast(({ target }) => target === (entry.target ?? entry.seq));
    if (!last) return entry;
    const { body: _, ...rest } = entry;
    const body = last.body && { body: last.body };
    if (entry.target !== undefined) return { ...rest, ...body };
    return { ...rest, ...(body ?? { deletedBy: last.author }), edited: last.seq };
  }
}

export function fault(id: string, code: "conflict" | "not_found" | "slow_down", retryAfter?: number) {
  return { type: "error", code, message: code, id, ...(retryAfter === undefined ? {} : { retryAfter }) } as const;
}
