// One visit to one room: what is known of it, what was written here, and the line that brings both together.
import { batch, type Batch } from "./batch.ts";
import { bearerMemory, type BearerMemory } from "./bearer.ts";
import { current, ofPresent, said, withMoment, type Said, type Signal } from "./ephemeral.ts";
import { readFrames } from "./frames.ts";
import { line, type Line, type Request, type State } from "./line.ts";
import { withEntries, withPage, withWelcome, type Log } from "./log.ts";
import { BROWSER, type Memory } from "./memory.ts";
import { source, together, type Observable } from "./observable.ts";
import { outboxMemory, type OutboxMemory } from "./outbox-memory.ts";
import { toSend, withAdopted, withError, without, type Change, type Outbox } from "./outbox.ts";
import { withRoster, type Presence } from "./presence.ts";
import { randomId } from "./random-id.ts";
import { RoomError } from "./room-error.ts";
import { timer } from "./timer.ts";
import { TIMINGS, type Timings } from "./timings.ts";
import { view, type View } from "./view.ts";
import type { Action, ClientFrame, Code, Entry, Fault, Roster, ServerFrame, Welcome, You } from "./wire.ts";

type Params = Record<string, string | null | undefined>;

export type RoomOptions<Data> = {
  /** As in `location.host`, which is the default on a page. */
  host?: string;
  /** The party's name in the address; `main` without. */
  party?: string;
  /** The room's name as it stands in the address: encoded where it may hold other characters than those of a path's segment. */
  room: string;
  /** `ws` or `wss`, where it does not follow from the page or the host. */
  protocol?: "ws" | "wss";
  /** Further parameters for the app; a function is asked before each connection. */
  query?: Params | (() => Params | Promise<Params>);
  /** For apps with accounts: the signed token, asked for before each connection. Without, the room makes a secret, which is remembered. */
  token?: () => string | Promise<string>;
  /** What others see of us in the roster. */
  presence?: Data;
  /** Where secrets and unsent entries are kept; the browser's storage without. */
  memory?: Memory;
  /** Whether frames may travel together. */
  batch?: boolean;
  /** For where there is none, or for tests. */
  WebSocket?: unknown;
  timings?: Partial<Timings>;
};

/** What was written: its id, and when it is acknowledged. */
export type Sent = {
  id: string;
  /** Rejects with a `RoomError` when the room refuses it or it is discarded. Nobody needs to look at it: `outbox` tells the same. */
  done: Promise<{ seq: number }>;
};

/** Something that the room did not take and that is no entry. */
export type Notice = Omit<Fault, "id">;

/** Who we are to the room. */
export type Me = Omit<You, "secret">;

type Waiting = { resolve(value: { seq: number }): void; reject(error: RoomError): void };

const MOST_UNSENT = 1000;
const WINDOW = 16; // Entries under way at a time: few enough for a room's limits, and so for the order to be kept.

/** Codes of a frame that the room cannot read: it takes nothing of the same array. */
const UNREADABLE: readonly Code[] = ["bad_message", "binary", "not_json", "invalid", "empty", "too_large"];

/**
 * A visit to a room: it connects at once and stays connected until `close()`. `Body` is the app's body of an entry, `Data` what
 * members show of themselves in the roster.
 */
export class Room<Body = unknown, Data = unknown> {
  readonly #state = source<State>({ status: "connecting" });
  readonly #view = source<View<Body>>(view(undefined, [], undefined, false));
  readonly #outbox = source<Outbox<Body>>([]);
  readonly #presence = source<Presence<Data>>({ count: 0 });
  readonly #signals = source<readonly Signal[]>([]);
  readonly #you = source<Me | undefined>(undefined);
  readonly #notice = source<Notice | undefined>(undefined);

  /** How the connection is. */
  readonly state: Observable<State> = this.#state;
  /** The items, with what was written here and is not acknowledged. */
  readonly log: Observable<View<Body>> = this.#view;
  /** What was written here and is not acknowledged, in that order. */
  readonly outbox: Observable<Outbox<Body>> = this.#outbox;
  /** Who is here. */
  readonly presence: Observable<Presence<Data>> = this.#presence;
  /** The ephemeral events that hold now. */
  readonly signals: Observable<readonly Signal[]> = this.#signals;
  /** Who we are, once the room has said so. */
  readonly you: Observable<Me | undefined> = this.#you;
  /** The last error that belongs to no entry. */
  readonly notice: Observable<Notice | undefined> = this.#notice;

  readonly #options: RoomOptions<Data>;
  readonly #timings: Timings;
  readonly #bearer: BearerMemory;
  readonly #memory: OutboxMemory<Body>;
  readonly #line: Line;
  readonly #batch: Batch;
  readonly #said: Said;

  #log: Log<Body> | undefined;
  #data: Data | undefined;
  /** Has the room welcomed us on this connection? Before, nothing is said and nothing that we hear counts. */
  #ready = false;
  /** Entries under way on this connection. */
  readonly #sent = new Set<string>();
  /** How many may be: fewer after the room has said that it was too much, and more again with each that it takes. */
  #window = WINDOW;
  readonly #waiting = new Map<string, Waiting>();
  /** The page that somebody waits for, and whether it was asked for on this connection. */
  #page: { done: Promise<void>; resolve(): void; asked: boolean } | undefined;
  /** Is the room to hear our presence data? */
  #presenceDue = false;

  /** What was to be answered was not: the line is dead, though a ping may pass. */
  readonly #answer = timer(() => this.#line.replace());
  /** The room wants to be left alone for a while. */
  readonly #pause = timer(() => this.#flush());
  readonly #expiry = timer(() => this.#setSignals(this.#signals.value));

  constructor(options: RoomOptions<Data>) {
    const { host = globalThis.location?.host, party = "main", room, protocol = protocolOf(host), memory = BROWSER } = options;
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#data = options.presence;
    this.#said = said(this.#timings.repeat);
    const place = `${host}/${party}/${room}`;
    this.#bearer = bearerMemory(place, memory);
    this.#memory = outboxMemory(place, memory, (left) => {
      this.#update(() => this.#outbox.set(withAdopted(this.#outbox.value, left)));
    });
    this.#outbox.subscribe((outbox) => this.#memory.remember(outbox));
    this.#batch = batch((text) => this.#line.send(text), options.batch !== false && this.#timings.gather);
    this.#line = line({
      host,
      party,
      room,
      id: randomId(),
      ...(protocol && { protocol }),
      ...(options.WebSocket ? { WebSocket: options.WebSocket } : {}),
      timings: this.#timings,
      request: (renew) => this.#request(renew),
      failed: (error) => this.#notice.set({ code: "expired", message: String(error) }),
      receive: (text) => this.#update(() => this.#receive(readFrames(text))),
      lost: () => this.#lost(),
      changed: (state) => this.#state.set(state),
    });
    this.#line.open();
  }

  /** Writes an entry. Throws when 1,000 are unsent already. */
  send(body: Body): Sent {
    return this.#write({ type: "append", id: randomId(), body });
  }

  /** Gives the item `target` another body. */
  edit(target: number, body: Body): Sent {
    return this.#write({ type: "edit", id: randomId(), target, body });
  }

  /** Deletes the item `target`. */
  delete(target: number): Sent {
    return this.#write({ type: "delete", id: randomId(), target });
  }

  /** Tries again what the room has refused. */
  retry(id: string): Sent {
    const sent = this.#expect(id);
    this.#update(() => this.#outbox.set(withError(this.#outbox.value, id)));
    return sent;
  }

  /** Gives up what is not acknowledged. The room may have taken it, if it was under way. */
  discard(id: string): void {
    this.#refuse(id, new RoomError("discarded", "it was discarded"));
    this.#update(() => this.#outbox.set(without(this.#outbox.value, new Set([id]))));
  }

  /** Fetches a page of items before those that are known, if there is one. Resolves when it is there, or has become pointless. */
  loadOlder(): Promise<void> {
    if (!this.#page && this.#log?.older) {
      let resolve = () => {};
      const done = new Promise<void>((resolved) => (resolve = resolved));
      this.#page = { done, resolve, asked: false };
      this.#update(() => {});
    }
    return this.#page?.done ?? Promise.resolve();
  }

  /** Shows others something else of us. */
  setPresence(data: Data): void {
    this.#data = data;
    this.#presenceDue = true;
    this.#flush();
  }

  /** Says something of the moment, such as that somebody is typing: as often as it happens, for the same is not said again for a while. */
  signal(kind: string, data: unknown = null): void {
    if (this.#ready && this.#said.isNews(kind, data)) this.#say({ type: "ephemeral", kind, data });
  }

  /** Says that it is over. */
  end(kind: string): void {
    if (this.#said.ends(kind)) this.#say({ type: "ephemeral", kind, end: true });
  }

  /** For moderators. `seconds` limits `ban` and `mute`. Gives `false` if there is no connection: this is not kept for later. */
  moderate(action: Action, member: string, seconds?: number): boolean {
    return this.#say({ type: "moderate", action, member, ...(seconds === undefined ? {} : { seconds }) });
  }

  /** Hands over a fresh token before the old one expires, so that the connection stays. */
  async renewToken(): Promise<void> {
    const token = await this.#options.token?.();
    if (token) this.#say({ type: "token", token });
  }

  /** Connects now: instead of after a pause, or though the room has closed the connection for good. */
  connect(): void {
    this.#line.open();
  }

  /** Ends the visit. What is not acknowledged is kept for the next one, and its promises stay open. */
  close(): void {
    this.#line.close();
    this.#memory.release();
    for (const timer of [this.#pause, this.#expiry]) timer.stop();
    this.#page?.resolve();
  }

  async #request(renew: boolean): Promise<Request> {
    const { token, query, batch } = this.#options;
    const bearer = token ? await token() : this.#bearer.recall(renew);
    const params = typeof query === "function" ? await query() : query;
    const position = this.#log && { epoch: this.#log.epoch, seq: `${this.#log.head}` };
    return {
      query: { ...params, wire: "2", ...(batch !== false && { batch: "1" }), ...position },
      protocols: bearer ? ["party", `party.bearer.${bearer}`] : ["party"],
    };
  }

  #receive(frames: readonly ServerFrame<Body, Data>[]): void {
    let entries: Entry<Body>[] = []; // Runs of them are taken in at once.
    for (const frame of [...frames, undefined]) {
      if (this.#ready && frame?.type === "entry") {
        const { type: _, ...entry } = frame;
        entries.push(entry);
        continue;
      }
      if (entries.length) this.#entries(entries);
      entries = [];
      if (frame) this.#take(frame);
    }
  }

  #take(frame: ServerFrame<Body, Data>): void {
    if (frame.type === "welcome") return this.#welcome(frame);
    if (frame.type === "error") return this.#error(frame);
    if (!this.#ready) return;
    switch (frame.type) {
      case "ack":
        return this.#settle([frame]);
      case "page":
        return this.#older((log) => withPage(log, frame));
      case "presence":
        return this.#setRoster(this.#presence.value, frame);
      case "ephemeral":
        return this.#setSignals(withMoment(this.#signals.value, frame, Date.now()));
      case "you":
        return this.#setYou(frame);
    }
  }

  #welcome(welcome: Welcome<Body, Data>): void {
    const { you, recovered, entries, presence } = welcome;
    this.#ready = true;
    this.#line.welcomed();
    if (you.secret) this.#bearer.remember(you.secret);
    this.#setYou(you);
    if (!recovered) this.#older((log) => log);
    this.#log = withWelcome(this.#log, welcome);
    this.#settle(entries);
    if (presence) this.#setRoster({ count: 0 }, presence);
    this.#presenceDue = this.#data !== undefined;
  }

  #entries(entries: readonly Entry<Body>[]): void {
    if (!this.#log) return;
    const log = (this.#log = withEntries(this.#log, entries));
    this.#settle(entries.filter(({ seq }) => seq <= log.head));
    if (entries.some(({ seq }) => seq > log.head)) this.#line.replace();
  }

  /** These are in the log. */
  #settle(entries: readonly { id: string; seq: number }[]): void {
    for (const { id, seq } of entries) {
      this.#waiting.get(id)?.resolve({ seq });
      this.#waiting.delete(id);
      if (this.#answered(id)) this.#window = Math.min(this.#window + 1, WINDOW);
    }
    this.#outbox.set(without(this.#outbox.value, new Set(entries.map(({ id }) => id))));
  }

  #error(fault: Fault): void {
    const { code, message, retryAfter } = fault;
    const again = retryAfter !== undefined;
    let { id } = fault;
    if (again || UNREADABLE.includes(code)) {
      // What came with it in one array is not taken either, and some rooms cannot say which one it was. All of it is sent again, fewer
      // at a time, until the guilty one stands alone.
      if (!again && this.#sent.size === 1) id ??= [...this.#sent][0];
      this.#window = Math.max(this.#window >> 1, 1);
      this.#unanswered();
    }
    if (again) {
      this.#line.later(retryAfter);
      this.#pause.set(Math.max(retryAfter, this.#pause.left));
      this.#presenceDue = this.#data !== undefined;
    } else if (id !== undefined) {
      this.#answered(id);
      this.#refuse(id, new RoomError(code, message));
      this.#outbox.set(withError(this.#outbox.value, id, { code, message }));
    }
    if (id === undefined) this.#notice.set(fault);
  }

  #refuse(id: string, error: RoomError): void {
    this.#waiting.get(id)?.reject(error);
    this.#waiting.delete(id);
  }

  /** Was it under way? Then the line is alive. */
  #answered(id: string): boolean {
    const was = this.#sent.delete(id);
    if (was) this.#answer.stop();
    return was;
  }

  /** The page has come, or its time is over. */
  #older(change: (log: Log<Body>) => Log<Body>): void {
    if (this.#log) this.#log = change(this.#log);
    this.#page?.resolve();
    this.#page = undefined;
    this.#answer.stop();
  }

  #setYou({ member, role, mutedUntil }: You): void {
    this.#you.set({ member, role, ...(mutedUntil === undefined ? {} : { mutedUntil }) });
  }

  #setRoster(before: Presence<Data>, roster: Roster<Data>): void {
    this.#presence.set(withRoster(before, roster));
    this.#setSignals(ofPresent(this.#signals.value, roster));
  }

  #setSignals(signals: readonly Signal[]): void {
    const now = Date.now();
    const rest = current(signals, now);
    this.#signals.set(rest);
    if (rest.length) this.#expiry.set(Math.min(...rest.map(({ until }) => until)) - now);
  }

  #write(frame: Change<Body>): Sent {
    if (this.#outbox.value.length >= MOST_UNSENT) {
      throw new RoomError("outbox_full", `${MOST_UNSENT} entries are not sent yet: wait until the room has taken some`);
    }
    const sent = this.#expect(frame.id);
    this.#update(() => this.#outbox.set([...this.#outbox.value, { frame, at: Date.now() }]));
    return sent;
  }

  #expect(id: string): Sent {
    const done = new Promise<{ seq: number }>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    done.catch(() => {}); // Who does not look at it is told by the outbox.
    return { id, done };
  }

  /** Says what there is to say, now or after the next welcome. */
  #flush(): void {
    if (!this.#ready || this.#pause.left) return;
    const frames: ClientFrame<Body, Data>[] = [];
    if (this.#presenceDue) frames.push({ type: "presence", data: this.#data as Data });
    this.#presenceDue = false;
    const before = this.#log?.items[0]?.seq;
    if (this.#page && !this.#page.asked && before !== undefined) {
      this.#page.asked = true;
      frames.push({ type: "history", before });
    }
    const changes = toSend(this.#outbox.value, this.#sent, this.#window);
    for (const { id } of changes) this.#sent.add(id);
    this.#batch.push([...frames, ...changes]);
    if (!this.#answer.left && (this.#sent.size || this.#page?.asked)) this.#answer.set(this.#timings.answer);
  }

  #say(frame: ClientFrame<Body, Data>): boolean {
    if (this.#ready) this.#batch.push([frame]);
    return this.#ready;
  }

  /** The connection is gone, and with it what was under way. */
  #lost(): void {
    this.#ready = false;
    this.#said.clear();
    this.#batch.clear();
    this.#unanswered();
  }

  /** What is under way will not be answered. */
  #unanswered(): void {
    this.#sent.clear();
    if (this.#page) this.#page.asked = false;
    this.#answer.stop();
  }

  /** Changes something, says what follows from it, and then shows it. */
  #update(change: () => void): void {
    together(() => {
      const before = [this.#log, this.#outbox.value, this.#you.value?.member, this.#page];
      change();
      this.#flush();
      const after = [this.#log, this.#outbox.value, this.#you.value?.member, this.#page];
      if (before.some((part, index) => part !== after[index])) {
        this.#view.set(view(this.#log, this.#outbox.value, this.#you.value?.member, this.#page !== undefined));
      }
    });
  }
}

// On a page that came over plain http, its own host has no other; for other hosts `partysocket` knows which are local.
function protocolOf(host: string): "ws" | undefined {
  const page = globalThis.location;
  return page?.protocol === "http:" && page.host === host ? "ws" : undefined;
}
