// One visit to one room: what is known of it, what was written here, and the line that brings both together.
import type { Params } from "./address.ts";
import { batch } from "./batch.ts";
import { bearerMemory } from "./bearer.ts";
import { delivery, type Sent } from "./delivery.ts";
import { current, ofPresent, said, withMoment, type Signal } from "./ephemeral.ts";
import { readFrames } from "./frames.ts";
import { line, type Line, type Request, type State } from "./line.ts";
import { withEntries, withPage, withWelcome, type Log } from "./log.ts";
import { BROWSER, type Memory } from "./memory.ts";
import { derived, source, together, type Observable } from "./observable.ts";
import { outboxMemory } from "./outbox-memory.ts";
import type { Change, Outbox } from "./outbox.ts";
import { withRoster, type Presence } from "./presence.ts";
import { randomId } from "./random-id.ts";
import { timer } from "./timer.ts";
import { TIMINGS, type Timings } from "./timings.ts";
import { view, type View } from "./view.ts";
import type { Action, ClientFrame, Entry, Fault, Roster, ServerFrame, Welcome, You } from "./wire.ts";

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

/** Who we are to the room. */
export type Me = Omit<You, "secret">;

/** No `seq` is greater: who asks for what comes after it gets nothing. But the room answers, and then it has heard what was said before. */
const LAST = 2 ** 52;

/**
 * A visit to a room: it connects at once and stays connected until `close()`. `Body` is the app's body of an entry, `Data` what
 * members show of themselves in the roster.
 */
export class Room<Body = unknown, Data = unknown> {
  readonly #state = source<State>({ status: "connecting" });
  readonly #presence = source<Presence<Data>>({ count: 0 });
  readonly #signals = source<readonly Signal[]>([]);
  readonly #you = source<Me | undefined>(undefined);
  readonly #notice = source<Fault | undefined>(undefined);
  readonly #paused = source(false);
  readonly #log = source<Log<Body> | undefined>(undefined);
  readonly #loading = source(false);
  readonly #delivery = delivery<Body>();

  /** How the connection is. */
  readonly state: Observable<State> = this.#state;
  /** Who is here. */
  readonly presence: Observable<Presence<Data>> = this.#presence;
  /** The ephemeral events that hold now. */
  readonly signals: Observable<readonly Signal[]> = this.#signals;
  /** Who we are, once the room has said so. */
  readonly you: Observable<Me | undefined> = this.#you;
  /** The last error that belongs to no entry, and that does not pass by itself. */
  readonly notice: Observable<Fault | undefined> = this.#notice;
  /** Has the room asked us to slow down? What is written waits meanwhile, and goes out by itself. */
  readonly paused: Observable<boolean> = this.#paused;
  /** What was written here and is not acknowledged, in that order. */
  readonly outbox: Observable<Outbox<Body>> = this.#delivery.outbox;
  /** The items, with what was written here and is not acknowledged. */
  readonly log: Observable<View<Body>> = derived([this.#log, this.#loading, this.outbox, this.you], () =>
    view(this.#log.value, this.outbox.value, this.you.value?.member, this.#loading.value),
  );

  /** That of the connection, so that the room knows a later one to be the same. */
  readonly #id = randomId();
  readonly #options: RoomOptions<Data>;
  readonly #timings: Timings;
  readonly #bearer;
  readonly #memory;
  readonly #line: Line;
  readonly #batch;
  readonly #said;

  /** Has the room welcomed us on this connection? Before, nothing is said, and of what we hear only errors count. */
  #ready = false;
  /** What the room is to know of us, and whether it is to be told. */
  #data: Data | undefined;
  #dataDue = false;
  /** The page that somebody waits for, and whether it was asked for on this connection. */
  #page: { done: Promise<void>; resolve(): void; asked: boolean } | undefined;
  /** What a moderator does, in that order, until the room has heard it, and whether the first of it was said on this connection. */
  readonly #deeds: { frame: ClientFrame<Body, Data>; mark: number }[] = [];
  #mark = LAST;
  #deedSaid = false;

  /** What was to be answered was not: the line is dead, though a ping may pass. */
  readonly #answer = timer(() => this.#line.replace());
  /** The room wants to hear nothing for a while. */
  readonly #pause = timer(() => (this.#paused.set(false), this.#flush()));
  readonly #expiry = timer(() => this.#setSignals(this.#signals.value));

  constructor(options: RoomOptions<Data>) {
    const { host = globalThis.location?.host, party = "main", room, protocol, memory = BROWSER } = options;
    const place = `${host}/${party}/${room}`;
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#data = options.presence;
    this.#said = said(this.#timings.repeat);
    this.#bearer = bearerMemory(place, memory);
    this.#memory = outboxMemory<Body>(place, memory, (left) => this.#update(() => this.#delivery.adopt(left)));
    this.outbox.subscribe((outbox) => this.#memory.remember([...this.#delivery.others, ...outbox]));
    this.#batch = batch((text) => this.#line.send(text), options.batch !== false && this.#timings.gather);
    this.#line = line({
      place: { host, party, room, protocol },
      WebSocket: options.WebSocket,
      timings: this.#timings,
      request: (renew) => this.#request(renew),
      failed: (error) => this.#notice.set({ code: "expired", message: String(error) }),
      receive: (text) => this.#update(() => this.#receive(readFrames(text))),
      tooLarge: (message) => this.#delivery.refuse({ code: "too_large", message }),
      lost: () => this.#lost(),
      changed: (state) => state.status !== this.state.value.status && this.#state.set(state),
    });
    this.#line.open();
  }

  /** Writes an entry. Throws a `RoomError` when 1,000 are unsent already. */
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
    return this.#update(() => this.#delivery.retry(id));
  }

  /** Gives up what is not acknowledged. If it was under way, the room may have taken it. */
  discard(id: string): void {
    this.#update(() => this.#delivery.discard(id));
  }

  /** Fetches a page of items before those that are known, if there is one. Resolves when it is there, or will not come. */
  async loadOlder(): Promise<void> {
    if (!this.#page && this.#log.value?.older) {
      let resolve = () => {};
      const done = new Promise<void>((resolved) => (resolve = resolved));
      this.#page = { done, resolve, asked: false };
      this.#update(() => this.#loading.set(true));
    }
    await this.#page?.done;
  }

  /** Shows others something else of us. */
  setPresence(data: Data): void {
    this.#data = data;
    this.#dataDue = true;
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

  /**
   * For moderators. `seconds` limits `ban` and `mute`. Gives `false` if there is no connection: then nothing is kept for later. Otherwise it
   * is said until the room has heard it, also on the next connection of this visit. A refusal is a `notice`.
   */
  moderate(action: Action, member: string, seconds?: number): boolean {
    const deed = { type: "moderate", action, member, ...(seconds === undefined ? {} : { seconds }) } as const;
    if (this.#ready) this.#update(() => this.#deeds.push({ frame: deed, mark: ++this.#mark }));
    return this.#ready;
  }

  /** Hands over a fresh token before the old one expires, so that the connection stays. */
  async renewToken(): Promise<void> {
    const token = await this.#options.token?.();
    if (token) this.#say({ type: "token", token });
  }

  /** Connects now: instead of after a pause, or though the room or `close()` has closed the connection for good. */
  connect(): void {
    this.#memory.hold();
    this.#line.open();
  }

  /** Ends the visit. What is not acknowledged is kept for the next one, and its promises stay open. */
  close(): void {
    this.#line.close();
    this.#memory.release();
    this.#pause.stop();
    this.#paused.set(false);
    this.#expiry.stop();
    this.#endPage();
  }

  async #request(renew: boolean): Promise<Request> {
    const { token, query, batch } = this.#options;
    const bearer = token ? await token() : this.#bearer.recall(renew);
    const params = typeof query === "function" ? await query() : query;
    const log = this.#log.value;
    return {
      query: { ...params, _pk: this.#id, wire: "2", ...(batch !== false && { batch: "1" }), ...(log && { epoch: log.epoch, seq: `${log.head}` }) },
      protocols: bearer ? ["party", `party.bearer.${bearer}`] : ["party"],
    };
  }

  #receive(frames: readonly ServerFrame<Body, Data>[]): void {
    let run: Entry<Body>[] = []; // Entries that follow each other are taken in at once.
    for (const frame of frames) {
      if (frame.type === "entry") {
        const { type: _, ...entry } = frame;
        run.push(entry);
      } else {
        this.#entries(run);
        run = [];
        this.#take(frame);
      }
    }
    this.#entries(run);
  }

  #take(frame: ServerFrame<Body, Data>): void {
    if (frame.type === "welcome") this.#welcome(frame);
    else if (frame.type === "error") this.#error(frame);
    else if (this.#ready) {
      switch (frame.type) {
        case "ack":
          return this.#settle([frame]);
        case "page":
          if (frame.after) return void (frame.after === this.#deeds[0]?.mark && this.#endDeed());
          this.#log.set(this.#log.value && withPage(this.#log.value, frame));
          return this.#endPage();
        case "presence":
          return this.#setRoster(this.#presence.value, frame);
        case "ephemeral":
          return this.#setSignals(withMoment(this.#signals.value, frame, Date.now()));
        case "you":
          return this.#setYou(frame);
      }
    }
  }

  #welcome(welcome: Welcome<Body, Data>): void {
    const { you, recovered, entries, presence } = welcome;
    // Nothing may be said as somebody else than the other tabs are: what is sent again must come from the same member.
    if (you.secret && !this.#bearer.remember(you.secret)) return this.#line.replace();
    this.#ready = true;
    this.#line.welcomed();
    this.#setYou(you);
    if (this.#options.token) this.#delivery.adopt([], you.member);
    this.#log.set(withWelcome(this.#log.value, welcome));
    if (!recovered) this.#endPage();
    this.#settle(entries);
    if (presence) this.#setRoster({ count: 0 }, presence);
    this.#dataDue = this.#data !== undefined;
  }

  #entries(entries: readonly Entry<Body>[]): void {
    if (!this.#ready || !this.#log.value || !entries.length) return;
    const log = withEntries(this.#log.value, entries);
    this.#log.set(log);
    this.#settle(entries.filter(({ seq }) => seq <= log.head));
    if (entries.some(({ seq }) => seq > log.head)) this.#line.replace();
  }

  #settle(entries: readonly { id: string; seq: number }[]): void {
    if (this.#delivery.settle(entries)) this.#answer.stop();
  }

  #error(fault: Fault): void {
    const { retryAfter } = fault;
    const again = retryAfter !== undefined;
    const isEntry = this.#delivery.refuse(fault);
    // What is said again by itself is nobody's trouble, unless it is why we are not let in.
    if (!isEntry && !(again && this.#ready)) this.#notice.set(fault);
    if (again) {
      this.#line.later(retryAfter);
      this.#pause.set(Math.max(retryAfter, this.#pause.left));
      if (fault.code === "slow_down") this.#paused.set(true);
      this.#dataDue ||= !isEntry && this.#data !== undefined;
    }
    // What else was asked for may have been in the same array. What was refused for good is not asked for again.
    if (!isEntry && !again) (this.#endPage(), this.#deedSaid && this.#endDeed());
    else if (this.#page) this.#page.asked = false;
    if (fault.id === undefined) this.#deedSaid = false;
    this.#answer.stop();
  }

  /** The room has heard what a moderator does. */
  #endDeed(): void {
    this.#deeds.shift();
    this.#deedSaid = false;
    this.#answer.stop();
  }

  /** The page has come, or will not. */
  #endPage(): void {
    this.#page?.resolve();
    this.#page = undefined;
    this.#loading.set(false);
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
    return this.#update(() => this.#delivery.write(frame));
  }

  /** Says what there is to say, now or after the next welcome: no more at once than the room takes. */
  #flush(): void {
    if (!this.#ready || this.#pause.left) return;
    const frames: ClientFrame<Body, Data>[] = [];
    if (this.#dataDue) {
      this.#dataDue = false;
      frames.push({ type: "presence", data: this.#data as Data });
      this.#pause.set(this.#timings.gather); // Nobody answers that, so what else there is to say comes by itself.
    }
    const [deed] = this.#deeds;
    if (deed && !this.#deedSaid) {
      this.#deedSaid = true;
      frames.push(deed.frame, { type: "history", after: deed.mark });
    }
    const before = this.#log.value?.items[0]?.seq;
    if (this.#page?.asked === false && before !== undefined && frames.length < this.#delivery.window) {
      this.#page.asked = true;
      frames.push({ type: "history", before });
    }
    this.#batch.push([...frames, ...this.#delivery.next(frames.length)]);
    if (!this.#answer.left && (this.#page?.asked || this.#deedSaid || this.#delivery.underWay)) this.#answer.set(this.#timings.answer);
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
    this.#delivery.lost();
    if (this.#page) this.#page.asked = false;
    this.#deedSaid = false;
    this.#answer.stop();
  }

  /** Changes something, says what follows from it, and then shows it. */
  #update<T>(change: () => T): T {
    return together(() => {
      const result = change();
      this.#flush();
      return result;
    });
  }
}
