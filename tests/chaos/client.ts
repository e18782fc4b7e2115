// A client of a room, written from docs/protocol.md alone: it shares no code with `party-client`.

import { EventEmitter } from "node:events";
import { type ClientOptions as ClientOptionsOfWs, WebSocket } from "ws";
import type { Entry, Happening, Operation, Recorder } from "./history.ts";
import { Outbox } from "./outbox.ts";
import type { Random } from "./random.ts";

/** When a client that has lost its connection comes back. */
export interface Pauses {
  /**
   * The pause without jitter. With it, half of what the first pause is at most: that doubles with each attempt, up to
   * `most`.
   */
  readonly least: number;
  readonly most: number;
  /** Whether each pause is a random part of what it could be. */
  readonly jitter: boolean;
}

export interface ClientOptions {
  /** Where the server listens. */
  readonly url: URL;
  readonly room: string;
  readonly name: string;
  /** The address that the edge would report for it. */
  readonly address: string;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly pauses?: Pauses;
  /** How long opening a connection may take, in milliseconds. */
  readonly openMs?: number;
}

/** A frame from a room, as far as a client looks into it. */
interface Frame extends Entry {
  readonly type: string;
  readonly you: { readonly member: string; readonly secret?: string };
  readonly epoch: string;
  readonly head: number;
  readonly position: string;
  readonly recovered: boolean;
  readonly entries: readonly Entry[];
  readonly older: boolean;
  readonly more: boolean;
  readonly at: number;
  readonly code: string;
  readonly retryAfter?: number;
}

/** As the protocol says: a ping after 10 seconds without sending, and a connection without an answer to it is dead. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

/** How long opening a connection may take, where a client has no other time for it. */
const OPEN_MS = 10_000;

/** How long to wait for the server to hang up after a close. */
const CLOSE_MS = 200;

/** How long to stay away after a refusal that does not say so. */
const AWAY_MS = 10_000;

/** Codes after which a client does not come back, except the two that are not its fault. */
const isFinal = (code: number): boolean => code >= 4400 && code < 4500 && code !== 4408 && code !== 4429;
const isRefusal = (code: number): boolean => code === 4429 || code === 4503 || code === 1013;

/** One client in one room. It emits `change` whenever anything has become different. */
export class Client extends EventEmitter<{ change: [] }> {
  readonly name: string;
  readonly outbox: Outbox;
  /** When it comes back after it has lost its connection. */
  pauses: Pauses;
  /** The last entry that it has. */
  seq = 0;
  epoch = "";
  member = "";
  /** Whether it has been welcomed on the connection that it has now. */
  welcomed = false;
  /** How often it was welcomed. */
  welcomes = 0;
  /** The code with which the room has closed it for ever. */
  final: number | undefined;
  /** The last error that was about no operation, and the last code with which a connection ended. */
  lastError: string | undefined;
  lastClose: number | undefined;
  /** What was wrong when a connection could not be opened, or broke. */
  refused: string | undefined;
  /** How often a connection of its has ended, or could not be opened. */
  closes = 0;
  /** From sending an operation to its acknowledgement, in milliseconds, with the moment of the latter. */
  readonly latencies: { at: number; took: number }[] = [];
  readonly #options: ClientOptions;
  readonly #sentAt = new Map<string, number>();
  #position: string | undefined;
  #secret: string | undefined;
  #socket: WebSocket | undefined;
  #again: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #lastSent = 0;
  #lastReceived = 0;
  #failures = 0;
  #retryAfter: number | undefined;
  /** Whether there are items before the first one that it has, and the question for them that is not answered. */
  #older = false;
  #first = 0;
  #ask: { readonly type: string; readonly id: string; readonly before: number } | undefined;
  #controls = 0;
  #left = false;

  constructor(options: ClientOptions) {
    super();
    this.setMaxListeners(0);
    this.#options = options;
    this.pauses = options.pauses ?? { least: 20, most: 1_000, jitter: true };
    this.name = options.name;
    this.outbox = new Outbox((operations) => this.#sendOperations(operations));
  }

  connect(): void {
    clearTimeout(this.#again);
    this.#left = false;
    const { url, room, name, address } = this.#options;
    const at = new URL(`/parties/chat/${encodeURIComponent(room)}`, url);
    at.protocol = "ws";
    const presence = JSON.stringify({ name });
    const query = { _pk: `${room}-${name}`, wire: "2", batch: "1", presence };
    at.search = new URLSearchParams(this.#position === undefined ? query : { ...query, position: this.#position }).toString();
    const subprotocols = this.#secret === undefined ? ["party"] : ["party", `party.bearer.${this.#secret}`];
    const options: ClientOptionsOfWs & { closeTimeout: number } = {
      headers: { "cf-connecting-ip": address },
      handshakeTimeout: this.#openMs,
      perMessageDeflate: false,
      closeTimeout: CLOSE_MS,
    };
    const socket = new WebSocket(at, subprotocols, options);
    this.#socket = socket;
    this.#lastSent = this.#lastReceived = Date.now();
    socket.on("message", (data: Buffer) => this.#socket === socket && this.#receive(data.toString()));
    socket.on("close", (code) => this.#socket === socket && this.#closed(code));
    // The close that follows an error is what counts. Without a connection there is an answer to the request for one.
    socket.on("error", ({ message }) => (this.refused = message));
    this.#beat = setInterval(() => this.#check(), 1_000);
  }

  /** Writes an operation, whether there is a connection or not. */
  write(operation: Operation): void {
    this.outbox.add(operation);
  }

  /** Breaks the connection. The client comes back by itself. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Leaves, and stays away until it connects again. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#again);
    clearInterval(this.#beat);
    this.outbox.stop();
    this.#socket?.close(1000);
    this.#socket?.terminate();
    this.#socket = undefined;
    this.welcomed = false;
  }

  /** Waits until something is so. */
  async until(what: string, holds: () => boolean, patience: number): Promise<void> {
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = (): void => void (holds() && resolve());
    const late = (): void =>
      reject(new Error(`${this.#options.room}/${this.name}: ${what} has not come within ${patience} ms: ${this.#state()}`));
    const timer = setTimeout(late, patience);
    this.on("change", look);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.off("change", look);
    }
  }

  /** Asks for all items before the newest page, page by page. Only for a client that has just begun. */
  async loadOlder(patience: number): Promise<void> {
    while (this.#older) {
      const ask = { type: "history", id: this.#controlId(), before: this.#first };
      this.#ask = ask;
      this.#send([ask]);
      await this.until("a page", () => this.#ask !== ask, patience);
    }
  }

  /** Records that the run is over for this client. */
  end(whole: boolean): void {
    this.#record({ what: "end", epoch: this.epoch, seq: this.seq, whole });
  }

  get #openMs(): number {
    return this.#options.openMs ?? OPEN_MS;
  }

  #state(): string {
    const { welcomed, seq, final, lastError, lastClose, welcomes } = this;
    return JSON.stringify({ welcomed, welcomes, seq, unanswered: this.outbox.size, final, lastError, lastClose });
  }

  #record(happening: Happening): void {
    this.#options.recorder.record(this.name, happening);
  }

  #receive(text: string): void {
    this.#lastReceived = Date.now();
    if (text === "pong") return;
    const frames: Frame | Frame[] = JSON.parse(text);
    for (const frame of [frames].flat()) this.#take(frame);
    this.emit("change");
  }

  #take(frame: Frame): void {
    if (frame.type === "error") return this.#refused(frame);
    if (frame.type === "welcome") return this.#welcome(frame);
    // A frame before the welcome does not count.
    if (!this.welcomed) return;
    if (frame.type === "entry") this.#entry(frame);
    if (frame.type === "ack") this.#acknowledged(frame.id, frame.seq);
    if (frame.type === "page") this.#page(frame);
    if (frame.type === "probe") this.#send([{ type: "probe", id: frame.id }]);
  }

  #welcome({ you, epoch, head, position, recovered, entries, older }: Frame): void {
    const bare = entries.map(entryOf);
    this.#record({ what: "welcome", member: you.member, epoch, head, recovered, entries: bare });
    [this.member, this.epoch, this.seq, this.#position] = [you.member, epoch, head, position];
    [this.welcomed, this.#failures] = [true, 0];
    this.welcomes++;
    if (!recovered) [this.#older, this.#first] = [older, entries[0]?.seq ?? 0];
    if (you.secret !== undefined) {
      this.#secret = you.secret;
      this.#send([{ type: "token", id: this.#controlId(), token: you.secret }]);
    }
    for (const { id, seq } of entries) this.#acknowledged(id, seq);
    this.outbox.resend();
  }

  #entry(frame: Frame): void {
    this.#record({ what: "entry", entry: entryOf(frame) });
    if (frame.seq !== this.seq + 1) return this.cut();
    this.seq = frame.seq;
    this.#position = `${this.epoch}.${frame.seq}.${frame.at}.${frame.id}`;
    this.#acknowledged(frame.id, frame.seq);
  }

  #acknowledged(id: string, seq?: number): void {
    if (!this.outbox.has(id)) return;
    this.#record(seq === undefined ? { what: "acknowledged", id } : { what: "acknowledged", id, seq });
    const [now, sent] = [Date.now(), this.#sentAt.get(id)];
    if (sent !== undefined) this.latencies.push({ at: now, took: now - sent });
    this.#sentAt.delete(id);
    this.outbox.accepted(id, seq);
  }

  #refused({ id, code, retryAfter }: Frame): void {
    if (this.outbox.has(id)) {
      this.#record(retryAfter === undefined ? { what: "refused", id, code } : { what: "refused", id, code, retryAfter });
      this.#sentAt.delete(id);
      return this.outbox.refused(id, code, retryAfter);
    }
    const ask = this.#ask;
    // A question that came too soon is asked again.
    if (ask && ask.id === id && retryAfter !== undefined) return void setTimeout(() => this.#send([ask]), retryAfter);
    if (id === undefined) this.#retryAfter = retryAfter;
    this.lastError = code;
    this.#record({ what: "error", code });
  }

  #page({ entries, more }: Frame): void {
    this.#record({ what: "page", entries: entries.map(entryOf) });
    this.#ask = undefined;
    [this.#older, this.#first] = [more, entries[0]?.seq ?? 0];
  }

  #closed(code: number): void {
    clearInterval(this.#beat);
    this.#record({ what: "closed", code });
    [this.welcomed, this.lastClose, this.#socket] = [false, code, undefined];
    this.closes++;
    this.outbox.stop();
    if (isFinal(code)) this.final = code;
    else if (!this.#left) this.#again = setTimeout(() => this.connect(), this.#pause(code));
    this.emit("change");
  }

  #pause(code: number): number {
    const { least, most, jitter } = this.pauses;
    const away = isRefusal(code) ? (this.#retryAfter ?? AWAY_MS) : 0;
    this.#retryAfter = undefined;
    const bound = Math.min(most, least * 2 ** Math.min(++this.#failures, 20));
    return away + (jitter ? this.#options.random.between(0, bound) : least);
  }

  /** Pings when it has sent nothing for a while, and gives up a connection on which no answer comes. */
  #check(): void {
    const now = Date.now();
    if (!this.welcomed || this.#socket === undefined) {
      // A connection that was opened and is not welcomed is dead, too.
      if (now - this.#lastSent > this.#openMs + PONG_MS) this.cut();
      return;
    }
    if (now - this.#lastSent >= PING_MS) this.#text("ping");
    if (this.#lastSent > this.#lastReceived && now - this.#lastSent >= PONG_MS) this.cut();
  }

  #controlId(): string {
    return `${this.name}-control-${++this.#controls}`;
  }

  #sendOperations(operations: readonly Operation[]): boolean {
    if (!this.welcomed || this.#socket?.readyState !== WebSocket.OPEN) return false;
    for (const operation of operations) {
      this.#record({ what: "sent", operation });
      if (!this.#sentAt.has(operation.id)) this.#sentAt.set(operation.id, Date.now());
    }
    this.#send(operations);
    return true;
  }

  #send(frames: readonly object[]): void {
    this.#text(JSON.stringify(frames.length === 1 ? frames[0] : frames));
  }

  #text(text: string): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#lastSent = Date.now();
    this.#socket.send(text);
  }
}

/** What of a frame is the entry. */
function entryOf({ seq, id, author, target, body, edited }: Entry): Entry {
  return {
    seq,
    id,
    author,
    ...(target === undefined ? {} : { target }),
    ...(body === undefined ? {} : { body }),
    ...(edited === undefined ? {} : { edited }),
  };
}
