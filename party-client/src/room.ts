// One visit to one room: its state, the operations that were written here, and the connection between both.
import { httpAddressOf, storageName, placeOf, type Place } from "./address.ts";
import { appData } from "./app-data.ts";
import { batch } from "./batch.ts";
import { bearerMemory } from "./bearer.ts";
import { roomClock } from "./clock.ts";
import { connection, type Connection, type State } from "./connection.ts";
import { delivery } from "./delivery.ts";
import { said } from "./ephemeral.ts";
import { ENDED, failure, NO_WELCOME, OFFLINE, sendable, UNREAD } from "./errors.ts";
import { inRuns, readFrames, type ControlFrame } from "./frames.ts";
import { inFlight } from "./in-flight.ts";
import { withEntries, withWelcome, type Log } from "./log.ts";
import { derived, emitter, source, together, waking, type Observable } from "./observable.ts";
import type { Me, RoomOptions } from "./options.ts";
import { others } from "./others.ts";
import { outboxStorage } from "./outbox-storage.ts";
import type { Failure, Operation, Outbox } from "./outbox.ts";
import { pages, type From, type HistoryPage } from "./pages.ts";
import { randomId } from "./random-id.ts";
import { requestOf, tokenOf } from "./request.ts";
import { requests } from "./requests.ts";
import { waiting, type Sent } from "./sent.ts";
import { BROWSER } from "./storage.ts";
import { timer } from "./timer.ts";
import { TIMINGS, type Timings } from "./timings.ts";
import type { Answer, Body, Command, Draft, Event, Introduction, Profile, Query, RoomTypes } from "./types.ts";
import { bodyOf, view, type View } from "./view.ts";
import type { Action, Ack, Entry, ErrorFrame, ServerFrame, Welcome, You } from "./wire.ts";

/**
 * A visit to a room. It connects when `connect()` is called, when something is written, or when somebody listens to one
 * of its observables, and stays connected until `close()`. A room that nobody uses does nothing.
 */
export class Room<T extends RoomTypes = {}> {
  readonly #state = source<State>({ status: "connecting" });
  readonly #others = others<Profile<T>>();
  readonly #you = source<Me | undefined>(undefined);
  readonly #notice = source<ErrorFrame | undefined>(undefined);
  readonly #paused = source(false);
  readonly #unkept = source(false);
  readonly #log = source<Log<Body<T>> | undefined>(undefined);
  readonly #requests = requests();
  readonly #app = appData<T>(this.#requests);
  readonly #pages = pages(this.#log, this.#requests, (error) => this.#notice.set(error));
  readonly #delivery = delivery<Draft<T>, Command<T>>();
  readonly #resets = emitter<void>();
  readonly #shown = derived([this.#log, this.#pages.loading, this.#delivery.outbox, this.#you], () =>
    view(
      this.#log.value,
      this.#delivery.outbox.value,
      (draft, now) => this.#preview(draft, now),
      this.#you.value?.member,
      this.#pages.loading.value,
    ),
  );

  /** The state of the connection. */
  readonly state = this.#observable(this.#state);
  /** The members present. */
  readonly presence = this.#observable(this.#others.presence);
  /** The ephemeral events that have not ended. */
  readonly signals = this.#observable(this.#others.signals);
  /** Our own member, once the room has sent it. */
  readonly you = this.#observable(this.#you);
  /** The app's own state for us, once the room has sent it. */
  readonly own = this.#observable(this.#app.own);
  /** The app's own state of the room, once the room has sent it. */
  readonly shared = this.#observable(this.#app.shared);
  /** The last error that belongs to no promise and no item, and that does not pass by itself. */
  readonly notice = this.#observable(this.#notice);
  /** Whether the room has asked us to slow down. New operations wait meanwhile, and are sent automatically. */
  readonly paused = this.#observable(this.#paused);
  /**
   * Whether this browser cannot store waiting operations or our secret: its storage is full or forbidden. Everything
   * else works, but a reload loses the waiting operations, and we come back as a new member.
   */
  readonly unkept = this.#observable(this.#unkept);
  /** The operations that were written here and are not acknowledged, in that order. */
  readonly outbox: Observable<Outbox<Draft<T>, Command<T>>> = this.#observable(this.#delivery.outbox);
  /** The items, with the operations that were written here and are not acknowledged. */
  readonly log: Observable<View<Body<T>, Draft<T>>> = this.#observable(this.#shown);

  /** The id of the connection, by which the room recognises a later one. */
  readonly #id = randomId();
  readonly #options: RoomOptions<T>;
  readonly #place: Place;
  readonly #timings: Timings;
  readonly #bearer;
  readonly #storage;
  readonly #connection: Connection;
  readonly #batch;
  readonly #said;
  readonly #clock = roomClock();
  readonly #flight = inFlight();

  /** Whether `connect` or `close` was ever called. */
  #begun = false;
  /** Whether the room has sent a welcome on this connection. Before, nothing is sent, and only errors are received. */
  #ready = false;
  /** The error for which we were refused. The next welcome ends it. */
  #obstacle: ErrorFrame | undefined;
  /** Our presence data, as the app has set it. */
  #introduction: Introduction<T> | undefined;
  /** The error of a text that the room could not read. */
  #unreadable: Failure = OFFLINE;
  /** The secret that the room has made on this connection. */
  #secret = "";

  /** Replaces a connection on which an expected answer is missing: it is dead, though pings may pass. */
  readonly #answer = timer(() => this.#connection.replace());
  /** The time in which the room wants no frames. */
  readonly #pause = timer(() => (this.#paused.set(false), this.#flush()));
  readonly #proof = timer(() => this.#prove());

  constructor(options: RoomOptions<T>) {
    const { memory = BROWSER } = options;
    const kept = storageName((this.#place = placeOf(options)));
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.#introduction = sendable(options.presence);
    this.#said = said(this.#timings.repeat);
    this.#bearer = bearerMemory(kept, memory);
    this.#storage = outboxStorage<Draft<T>, Command<T>>(kept, memory, (left) => {
      this.#update(() => this.#delivery.adopt(left));
      this.#remember();
    });
    this.#delivery.outbox.subscribe(() => this.#remember());
    const send = (text: string, ids: readonly (string | undefined)[]) => {
      this.#flight.sent(ids);
      this.#connection.send(text);
    };
    this.#batch = batch(send, options.batch !== false && this.#timings.gather);
    this.#connection = connection({
      place: this.#place,
      WebSocket: options.WebSocket,
      timings: this.#timings,
      request: (renew) =>
        requestOf(options, this.#timings, () => this.#bearer.recall(renew), () => this.#introduction, () => ({
          _pk: this.#id,
          position: this.#log.value?.position,
        })),
      failed: (code, error) => this.#fail(failure(code, error)),
      unanswered: () => this.#fail(NO_WELCOME),
      receive: (text) => this.#update(() => this.#receive(readFrames(text))),
      tooLarge: (message) => this.#unread({ code: "too_large", message }, true),
      lost: () => this.#lost(),
      changed: (state) => state.status !== this.#state.value.status && this.#state.set(state),
    });
  }

  /** Connects now: without the rest of a pause, and also after the room or `close()` has closed the connection. */
  connect(): void {
    this.#begun = true;
    this.#delivery.after(this.#storage.hold());
    this.#remember();
    this.#connection.open();
  }

  /** Ends the visit until `connect()`. Unacknowledged operations are kept for the next one. Promises stay open. */
  close(): void {
    this.#begun = true;
    this.#pages.end();
    this.#connection.close();
    this.#storage.release();
    this.#requests.end(ENDED);
    this.#pause.stop();
    this.#paused.set(false);
    this.#others.stop();
  }

  /** Writes an item. Throws a `RoomError` when 1,000 operations are unsent already. */
  send(draft: Draft<T>): Sent {
    return this.#write({ type: "append", id: randomId(), body: draft }) as Sent;
  }

  /**
   * Gives the item `target` another body. A function makes it of the body that the item is shown with now; without such
   * an item, a `RoomError` is thrown.
   */
  edit(target: number, draft: Draft<T> | ((now: Body<T>) => Draft<T>)): Sent {
    const isFunction = (draft: unknown): draft is (now: Body<T>) => Draft<T> => typeof draft === "function";
    const body = isFunction(draft) ? draft(bodyOf(this.#shown.value.items, target)) : draft;
    return this.#write({ type: "edit", id: randomId(), target, body }) as Sent;
  }

  /** Deletes the item `target`. */
  delete(target: number): Sent {
    return this.#write({ type: "delete", id: randomId(), target }) as Sent;
  }

  /** Sends a command of the app: like an item, it is sent again until it is answered, and done exactly once. */
  command(data: Command<T>): Sent<{ seq?: number }> {
    return this.#write({ type: "command", id: randomId(), data });
  }

  /** Sends a refused operation again. */
  retry(id: string): Sent<{ seq?: number }> {
    this.#wake();
    return this.#update(() => this.#delivery.retry(id));
  }

  /** Gives up an operation that is not acknowledged. If it was under way, the room may have accepted it. */
  discard(id: string): void {
    this.#update(() => this.#delivery.discard(id));
  }

  /** Fetches a page of items before the known ones, if there is one. Resolves when it has come, or cannot come. */
  async loadOlder(): Promise<void> {
    await this.#update(() => this.#pages.load());
  }

  /** Fetches a page of the history, and leaves `log` as it is. Rejects if the room refuses it, or at `close()`. */
  history(from: From = {}): Promise<HistoryPage<Body<T>>> {
    this.#wake();
    return this.#update(() => this.#pages.read(from));
  }

  /** Asks the app something that changes nothing. Rejects if the room refuses it, or at `close()`. */
  query(data: Query<T>): Promise<Answer<T>> {
    this.#wake();
    return this.#update(() => this.#app.ask(data));
  }

  /** Changes our presence data. The room decides what the others receive. A refusal is a `notice`. */
  setPresence(introduction: Introduction<T>): void {
    this.#introduction = sendable(introduction);
    this.#wake();
    this.#update(() => this.#introduce());
  }

  /**
   * Sends an ephemeral event, such as that somebody is typing. Call it as often as it happens: the same event is not
   * sent again for a while.
   */
  signal(kind: string, data: unknown = null): void {
    this.#wake();
    if (this.#ready && this.#said.isNews(kind, data)) this.#batch.push([sendable({ type: "ephemeral", kind, data })]);
  }

  /** Ends an ephemeral event. */
  end(kind: string): void {
    if (this.#said.ends(kind)) this.#batch.push([{ type: "ephemeral", kind, end: true }]);
  }

  /**
   * Sends a moderator's action. `seconds` limits `ban` and `mute`. If there is no connection, it is rejected with the
   * code `offline`, and nothing is kept. Otherwise it is sent until the room has answered, also on the next connection
   * of this visit.
   */
  moderate(action: Action, member: string, seconds?: number): Sent<{ seq?: number }> {
    this.#wake();
    const id = randomId();
    const { sent, resolve, refuse } = waiting<{ seq?: number }>(id);
    const frame = sendable({ type: "moderate", id, action, member, ...(seconds === undefined ? {} : { seconds }) } as const);
    if (this.#ready) this.#update(() => this.#requests.push({ frame, lasting: true, taken: () => resolve({}), refused: refuse }));
    else refuse(OFFLINE);
    return sent;
  }

  /** Hands over a fresh token before the old one expires, so that the connection stays. Rejects if it is refused. */
  async renewToken(): Promise<void> {
    const token = await tokenOf(this.#options, this.#timings);
    if (!token || !this.#ready) return; // The next connection asks for one.
    const { sent, resolve, refuse } = waiting<void>(randomId());
    const frame = { type: "token", id: sent.id, token } as const;
    this.#update(() => this.#requests.push({ frame, lasting: false, taken: resolve, refused: refuse, lost: resolve }));
    await sent.done;
  }

  /** Returns the address of a file of the room, at which everyone who has the address can read it. */
  fileAddress(id: string): string {
    return httpAddressOf(this.#place, `files/${id}`);
  }

  /** Returns what proves our identity over HTTP: the app's token, or the secret of this browser. */
  async bearer(): Promise<string | undefined> {
    return (await tokenOf(this.#options, this.#timings)) ?? this.#bearer.current();
  }

  /** Returns the room's time, in milliseconds since 1970, as in all that the room sends. The device's may be wrong. */
  now(): number {
    return this.#clock.now();
  }

  /** Calls `listener` with each event of the app. Returns how to stop that. */
  onEvent(listener: (data: Event<T>) => void): () => void {
    this.#wake();
    return this.#app.listen(listener);
  }

  /**
   * Calls `listener` when what was known of the room is void, and has been replaced by what it is now. Returns how to
   * stop that.
   */
  onReset(listener: () => void): () => void {
    this.#wake();
    return this.#resets.listen(listener);
  }

  /** Connects, if `connect` and `close` were never called. */
  #wake(): void {
    if (!this.#begun) this.connect();
  }

  #observable<V>(inner: Observable<V>): Observable<V> {
    return waking(inner, () => this.#wake());
  }

  #remember(): void {
    const kept = this.#storage.remember([...this.#delivery.others, ...this.#delivery.outbox.value]);
    this.#unkept.set(!kept || this.#bearer.isFull);
  }

  #preview(draft: Draft<T>, now?: Body<T>): Body<T> {
    const { preview } = this.#options;
    return preview ? preview(draft, this.#you.value, now) : (draft as Body<T>);
  }

  #receive(frames: readonly ServerFrame<Body<T>, Profile<T>>[]): void {
    for (const part of inRuns(frames)) {
      if (Array.isArray(part)) this.#entries(part);
      else this.#take(part);
    }
  }

  #take(frame: ControlFrame<Body<T>, Profile<T>>): void {
    if (frame.type === "welcome") this.#welcome(frame);
    // That it is answered is all that it asks.
    else if (frame.type === "probe") this.#connection.send(JSON.stringify(frame));
    else if (frame.type === "error") this.#error(frame);
    else if (this.#ready) {
      switch (frame.type) {
        case "ack":
          this.#settle([frame]);
          return this.#requests.take(frame.id)?.taken();
        case "page":
          this.#answered(frame.id, true);
          return this.#pages.take(frame);
        case "presence": return this.#others.roster(frame);
        case "ephemeral": return this.#others.event(frame);
        case "you": return this.#setYou(frame);
        case "answer":
          this.#answered(frame.id, true);
          return this.#app.take(frame);
        default:
          return this.#app.take(frame);
      }
    }
  }

  #welcome(welcome: Welcome<Body<T>, Profile<T>>): void {
    const { you, now, recovered, entries, presence } = welcome;
    // All tabs must send as the same member: operations that are sent again must come from the member that sent them
    // first.
    if (you.secret && !this.#bearer.remember(you.secret)) return this.#connection.replace();
    if (you.secret) {
      this.#secret = you.secret;
      this.#remember();
      this.#proof.set(this.#timings.settle);
    }
    this.#ready = true;
    this.#connection.welcomed();
    if (this.#notice.value === this.#obstacle) this.#notice.set(undefined);
    this.#clock.set(now);
    this.#setYou(you);
    this.#app.welcome(welcome);
    if (this.#options.token) this.#delivery.adopt([], you.member);
    if (!recovered) {
      if (this.#log.value) this.#resets.emit();
      this.#pages.end();
    }
    this.#log.set(withWelcome(this.#log.value, welcome));
    this.#settle(entries);
    if (presence) this.#others.roster(presence, true);
    this.#introduce();
  }

  /** Proves that the secret has arrived. Until then, it may be another tab's that this browser keeps. */
  #prove(): void {
    const token = this.#secret;
    if (!this.#bearer.keeps(token)) return this.#connection.replace();
    const nothing = () => {}; // Otherwise the next connection proves it.
    const frame = { type: "token", id: randomId(), token } as const;
    this.#update(() => this.#requests.push({ frame, lasting: false, taken: nothing, refused: nothing }));
  }

  #introduce(): void {
    if (this.#introduction === undefined || !this.#ready) return;
    this.#requests.drop("presence");
    this.#requests.push({
      frame: { type: "presence", id: randomId(), data: this.#introduction },
      lasting: false,
      taken: () => {},
      refused: (error) => this.#notice.set(error),
    });
  }

  #entries(entries: readonly Entry<Body<T>>[]): void {
    if (!this.#ready || !this.#log.value || !entries.length) return;
    const log = withEntries(this.#log.value, entries);
    this.#log.set(log);
    this.#settle(entries.filter(({ seq }) => seq <= log.head));
    if (entries.some(({ seq }) => seq > log.head)) this.#connection.replace();
  }

  #settle(acks: readonly Ack[]): void {
    for (const { id } of acks) this.#answered(id, true);
    this.#delivery.settle(acks);
  }

  #error(error: ErrorFrame): void {
    const { id, code, message, retryAfter } = error;
    const again = retryAfter !== undefined;
    if (again) {
      this.#connection.later(retryAfter);
      this.#pause.set(Math.max(retryAfter, this.#pause.left));
      if (code === "slow_down") this.#paused.set(true);
      this.#batch.recall().forEach(this.#flight.recalled);
    }
    if (id !== undefined) {
      this.#answered(id, again ? false : undefined);
      if (again) this.#delivery.later(id);
      else this.#refuse(id, { code, message });
    } else if (UNREAD.includes(code) && this.#flight.waits) this.#unread({ code, message }, false);
    // What passes by itself is nobody's trouble, unless it is why we are not let in.
    else if (!again || !this.#ready) this.#fail(error);
  }

  /** Handles an error of the connection. */
  #fail(error: ErrorFrame): void {
    this.#obstacle = error;
    this.#notice.set(error);
  }

  /** Handles a text that the room could not read; the room does not say which one it was. */
  #unread(error: Failure, closed: boolean): void {
    this.#unreadable = error;
    this.#answer.stop();
    this.#blame(this.#flight.unread(closed));
  }

  /** Handles the answer to a frame, which may show which text the room could not read. */
  #answered(id: string, more: boolean | undefined): void {
    if (!this.#flight.ids.has(id)) return;
    this.#answer.stop();
    this.#blame(this.#flight.answered(id, more));
  }

  #blame(guilty: string | undefined): void {
    if (guilty !== undefined) this.#refuse(guilty, this.#unreadable);
  }

  #refuse(id: string, error: Failure): void {
    if (!this.#delivery.refuse(id, error)) this.#requests.take(id)?.refused(error);
  }

  #setYou({ member, role, mutedFor }: You): void {
    this.#you.set({ member, role, ...(mutedFor === undefined ? {} : { mutedUntil: this.now() + mutedFor }) });
  }

  #write(frame: Operation<Draft<T>, Command<T>>): Sent<{ seq?: number }> {
    const whole = sendable(frame);
    this.#wake();
    return this.#update(() => this.#delivery.write(whole));
  }

  /** Sends what there is to send, now or after the next welcome: no more at once than the room takes. */
  #flush(): void {
    if (!this.#ready || this.#pause.left) return;
    const flight = this.#flight;
    const taken = <F extends { id: string }>(frames: F[]) => (frames.forEach(({ id }) => flight.add(id)), frames);
    const first = taken(this.#requests.next(flight.ids, flight.free));
    this.#batch.push([...first, ...taken(this.#delivery.next(flight.ids, flight.free))]);
    if (!this.#answer.left && flight.ids.size) this.#answer.set(this.#timings.answer);
  }

  /** Handles the loss of the connection, and of all that was under way. */
  #lost(): void {
    this.#ready = false;
    this.#said.clear();
    this.#batch.clear();
    this.#flight.clear();
    this.#requests.lost();
    this.#answer.stop();
    this.#proof.stop();
  }

  /** Changes something, sends what follows from it, and then shows it. */
  #update<V>(change: () => V): V {
    return together(() => {
      const result = change();
      this.#flush();
      return result;
    });
  }
}
