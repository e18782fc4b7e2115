// A crowd: clients in several rooms that write all the time, and the verdict on what they have received.

import { join } from "node:path";
import { within } from "../support/client.ts";
import { check, type Verdict } from "./checker.ts";
import { Client, type Pauses } from "./client.ts";
import { HistoryFile, type Operation } from "./history.ts";
import type { Random } from "./random.ts";

/** How long whatever must come may take. Machines ten times slower than a laptop are to pass. */
export const PATIENCE_MS = 120_000;

/** How many operations a client lets wait before it writes no more. */
const MOST_WAITING = 30;

/** What a client writes, out of a hundred operations. The rest are messages. */
const EDITS = 10;
const DELETES = 5;
/** How many messages of a hundred are long, and how long those are in characters. */
const LONG = 2;
const LENGTH = 3_000;

export interface CrowdOptions {
  readonly rooms: number;
  /** Members of each room. */
  readonly members: number;
  /** How many of them write. */
  readonly writers: number;
  /** The mean pause of a writer between two operations, in milliseconds. */
  readonly every: number;
  readonly pauses?: Pauses;
}

/** One room, with its members and their history. */
interface Gathering {
  readonly room: string;
  readonly clients: Client[];
  readonly history: HistoryFile;
}

export class Crowd {
  readonly gatherings: Gathering[];
  readonly #url: URL;
  readonly #random: Random;
  readonly #options: CrowdOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #operations = 0;
  #newcomers = 0;

  /** `name` names its rooms, and their histories in the folder. */
  constructor(url: URL, folder: string, name: string, random: Random, options: CrowdOptions) {
    [this.#url, this.#random, this.#options] = [url, random, options];
    this.gatherings = Array.from({ length: options.rooms }, (_, room) => ({
      room: `${name}-${room}`,
      clients: [],
      history: new HistoryFile(join(folder, `${name}-${room}.jsonl`)),
    }));
    for (const gathering of this.gatherings) for (let n = 0; n < options.members; n++) this.join(gathering);
  }

  get clients(): Client[] {
    return this.gatherings.flatMap(({ clients }) => clients);
  }

  get writers(): Client[] {
    return this.gatherings.flatMap(({ clients }) => clients.slice(0, this.#options.writers));
  }

  /** Returns one more member of a room. */
  join(gathering: Gathering, pauses = this.#options.pauses): Client {
    const number = this.#newcomers++;
    const client = new Client({
      url: this.#url,
      room: gathering.room,
      name: `member ${number}`,
      address: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
      random: this.#random.fork(),
      recorder: gathering.history,
      ...(pauses ? { pauses } : {}),
    });
    gathering.clients.push(client);
    client.connect();
    return client;
  }

  /** Waits until everyone has been welcomed, on the connection that each has now. */
  async here(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.until("a welcome", () => client.welcomed, PATIENCE_MS)));
  }

  /** Waits until everyone was welcomed once more than at a moment that `welcomes` remembers. */
  async back(welcomes: ReadonlyMap<Client, number>): Promise<void> {
    const isBack = (client: Client): boolean => client.welcomed && client.welcomes > (welcomes.get(client) ?? 0);
    await Promise.all([...welcomes.keys()].map((client) => client.until("a new welcome", () => isBack(client), PATIENCE_MS)));
  }

  /** Waits until the rooms have accepted `operations` more operations. */
  async accepts(operations: number): Promise<void> {
    const { clients } = this;
    const accepted = (): number => clients.reduce((sum, { outbox }) => sum + outbox.accepts, 0);
    const wanted = accepted() + operations;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => void (accepted() >= wanted && resolve());
    for (const client of clients) client.on("change", look);
    look();
    await within(`the acceptance of ${operations} operations`, promise, PATIENCE_MS).finally(() => {
      for (const client of clients) client.off("change", look);
    });
  }

  /** Waits until an operation of every writer was accepted that was not before. */
  async everyoneAccepts(): Promise<void> {
    const waits = this.writers.map((client) => {
      const { accepts } = client.outbox;
      return client.until("an acceptance", () => client.outbox.accepts > accepts, PATIENCE_MS);
    });
    await Promise.all(waits);
  }

  welcomes(): Map<Client, number> {
    return new Map(this.clients.map((client) => [client, client.welcomes]));
  }

  /** Has the writers write until they are stopped. */
  write(): void {
    for (const client of this.writers) this.#writes(client);
  }

  #writes(client: Client): void {
    const random = this.#random.fork();
    const next = (): void => {
      if (client.outbox.size < MOST_WAITING) client.write(this.#operation(client, random));
      this.#timers.delete(timer);
      timer = setTimeout(next, this.#options.every * random.between(0.5, 1.5));
      this.#timers.add(timer);
    };
    let timer = setTimeout(next, this.#options.every * random.fraction());
    this.#timers.add(timer);
  }

  #operation(client: Client, random: Random): Operation {
    const number = ++this.#operations;
    const id = `${client.name.replace(" ", "-")}.${number}`;
    const long = random.below(100) < LONG;
    const body = { content: `${number} of ${client.name}${long ? ` ${"long ".repeat(LENGTH / 5)}` : ""}` };
    const { items } = client.outbox;
    const [what, at] = [random.below(100), random.below(Math.max(items.length, 1))];
    const target = items[at];
    if (target === undefined || what >= EDITS + DELETES) return { type: "append", id, body };
    if (what < EDITS) return { type: "edit", id, target, body };
    items.splice(at, 1);
    return { type: "delete", id, target };
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /**
   * Waits until all that was written is answered and everyone has received it, and lets a witness ask for all of it.
   * Then all leave.
   */
  async settle(): Promise<void> {
    this.stop();
    await Promise.all(this.gatherings.map((gathering) => this.#settle(gathering)));
  }

  async #settle(gathering: Gathering): Promise<void> {
    const { clients } = gathering;
    for (const client of clients) await client.until("an answer to everything", () => client.outbox.size === 0, PATIENCE_MS);
    const witness = this.join(gathering, { least: 20, most: 200, jitter: true });
    await witness.until("a welcome", () => witness.welcomed, PATIENCE_MS);
    await witness.loadOlder(PATIENCE_MS);
    for (const client of clients)
      await client.until(`entry ${witness.seq}`, () => client.welcomed && client.seq >= witness.seq, PATIENCE_MS);
    for (const client of clients) client.end(client === witness);
    this.leave(gathering);
  }

  /** All leave. */
  leave(gathering?: Gathering): void {
    for (const client of gathering?.clients ?? this.clients) client.leave();
  }

  /** Judges the histories of all rooms. */
  async verdicts(): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    // One after another: each history is read as a whole.
    for (const { history } of this.gatherings) verdicts.push(check(await history.read()));
    return verdicts;
  }
}
