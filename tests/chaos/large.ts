// A room that is too large for one object: its members are at relays, and the process is killed while they listen.

import { readFileSync } from "node:fs";
import { Client, type Pauses } from "./client.ts";
import { Ledger } from "./ledger.ts";
import { type Part, pass, type Setting } from "./part.ts";
import { Server } from "./server.ts";

interface Scale {
  readonly members: number;
  readonly messages: number;
  readonly writers: number;
  /** How many join at the same time. */
  readonly together: number;
  /** How long anything that must come may take. */
  readonly patienceMs: number;
}

const LONG: Scale = { members: 16_000, messages: 1_000, writers: 20, together: 250, patienceMs: 600_000 };
const SHORT: Scale = { members: 600, messages: 100, writers: 10, together: 100, patienceMs: 120_000 };

/** The room gets relays above this share of its members, each for half as many: as 5,000 are of 16,000. */
const ABOVE = 5 / 16;

/** How often a writer writes at most, and how many of its messages wait for an answer at most. */
const EVERY_MS = 150;
const MOST_WAITING = 5;

/** How many messages are written while clients come back. */
const MOST_MISSED = 100;

/** How clients come back after they have lost their connections: as browsers do, so that not all come at once. */
const PAUSES: Pauses = { least: 500, most: 8_000, jitter: true };

/**
 * How long opening a connection may take. Here one thread serves everyone: clients that gave up after ten seconds and
 * came again would keep it busy with connections that nobody waits for any more.
 */
const OPEN_MS = 120_000;

/** How many files workerd has open for each socket, and for all else: sockets that are being closed, above all. */
const FILES_EACH = 2;
const OTHER_FILES = 2_000;

export const large: Part = {
  name: "large",
  title: "a room with relays, and a SIGKILL while its members listen",
  run: async (setting) => {
    const scale = fitting(setting.long ? LONG : SHORT);
    const variables = { RELAYS_ABOVE: `${Math.floor(scale.members * ABOVE)}` };
    const server = await Server.start(setting.folder, undefined, variables);
    try {
      await new Large(setting, scale, server).run();
    } finally {
      await server.end("SIGKILL");
    }
  },
};

class Large {
  readonly #setting: Setting;
  readonly #scale: Scale;
  readonly #server: Server;
  readonly #ledger = new Ledger();
  readonly #clients: Client[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #written = 0;
  #most: number;

  constructor(setting: Setting, scale: Scale, server: Server) {
    [this.#setting, this.#scale, this.#server] = [setting, scale, server];
    this.#most = scale.messages;
  }

  async run(): Promise<void> {
    const { section } = this.#setting;
    const { members, messages, patienceMs } = this.#scale;
    section.figure("members, messages", `${members}, ${messages}`);
    if (members < LONG.members && this.#setting.long) section.figure("more open files would allow", `${LONG.members} members`);
    const joined = this.#measures();
    while (this.#clients.length < members) await this.#someJoin();
    await this.#all("a welcome", (client) => client.welcomed);
    section.figure("all have joined after", joined());
    section.figure("of them moved to a relay or between relays", `${this.#sum((client) => client.closes)} times`);

    const talked = this.#measures();
    for (const writer of this.#writers) this.#writes(writer);
    await this.#accepts(messages / 2);
    // A client that has missed more than 500 entries may be given the newest page instead.
    this.#most = this.#written + MOST_MISSED;
    const welcomes = new Map(this.#clients.map((client) => [client, client.welcomes]));
    await this.#server.end("SIGKILL");
    section.killed();
    await this.#server.restart();
    const back = this.#measures();
    await this.#all("a new welcome", (client) => client.welcomed && client.welcomes > (welcomes.get(client) ?? 0));
    section.figure("after SIGKILL all are back after", back());
    this.#most = messages;
    await this.#accepts(messages);
    const last = performance.now();
    await this.#all(`entry ${messages}`, (client) => client.seq >= messages);
    section.figure("the last has the last message after", seconds(performance.now() - last));
    section.figure("all messages, with the SIGKILL, took", talked());

    const witness = this.#joins();
    await witness.until("a welcome", () => witness.welcomed, patienceMs);
    await witness.loadOlder(patienceMs);
    await this.#all(`entry ${witness.seq}`, (client) => client.welcomed && client.seq === witness.seq);
    for (const client of this.#clients) client.end(client === witness);
    for (const client of this.#clients) client.leave();
    section.figure("deliveries", `${this.#ledger.received} of ${members * messages}`);
    section.expect(this.#ledger.received === members * messages, "some received more or fewer entries than there are");
    section.judge([this.#ledger.verdict()]);
  }

  get #writers(): Client[] {
    return this.#clients.slice(0, this.#scale.writers);
  }

  #joins(): Client {
    const number = this.#clients.length;
    const client = new Client({
      url: this.#server.url,
      room: "large",
      name: `member ${number}`,
      address: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
      random: this.#setting.random.fork(),
      recorder: this.#ledger,
      pauses: PAUSES,
      openMs: OPEN_MS,
    });
    this.#clients.push(client);
    client.connect();
    return client;
  }

  async #someJoin(): Promise<void> {
    const { members, together, patienceMs } = this.#scale;
    const some = Array.from({ length: Math.min(together, members - this.#clients.length) }, () => this.#joins());
    await Promise.all(some.map((client) => client.until("a first welcome", () => client.welcomes > 0, patienceMs)));
  }

  #writes(writer: Client): void {
    const random = this.#setting.random.fork();
    const next = (): void => {
      this.#timers.delete(timer);
      if (this.#written >= this.#scale.messages) return;
      if (this.#written < this.#most && writer.outbox.size < MOST_WAITING) {
        const number = ++this.#written;
        writer.write({ type: "append", id: `${writer.name.replace(" ", "-")}.${number}`, body: { content: `message ${number}` } });
      }
      timer = setTimeout(next, EVERY_MS * random.between(0.5, 1.5));
      this.#timers.add(timer);
    };
    let timer = setTimeout(next, EVERY_MS * random.fraction());
    this.#timers.add(timer);
  }

  #sum(of: (client: Client) => number): number {
    return this.#clients.reduce((sum, client) => sum + of(client), 0);
  }

  /** Waits until the room has accepted a number of messages in all. */
  async #accepts(messages: number): Promise<void> {
    const accepted = (): number => this.#writers.reduce((sum, { outbox }) => sum + outbox.accepts, 0);
    await this.#waits(`the acceptance of ${messages} messages`, () => accepted() >= messages, () => `${accepted()} were accepted`);
  }

  /** Waits until something holds for all. */
  async #all(what: string, holds: (client: Client) => boolean): Promise<void> {
    const missing = (): Client[] => this.#clients.filter((client) => !holds(client));
    const says = (): string => missing().slice(0, 5).map(({ name, seq, welcomed, lastClose, lastError, refused }) =>
      JSON.stringify({ name, seq, welcomed, lastClose, lastError, refused })).join(", ");
    await this.#waits(what, () => this.#clients.every(holds), () => `${missing().length} of ${this.#clients.length} wait: ${says()}`);
  }

  /** Looks from time to time: a listener for each of thousands of clients would take longer than what it waits for. */
  async #waits(what: string, holds: () => boolean, state: () => string): Promise<void> {
    const until = performance.now() + this.#scale.patienceMs;
    while (!holds()) {
      if (performance.now() > until) throw new Error(`${what} has not come within ${this.#scale.patienceMs} ms: ${state()}`);
      await pass(20);
    }
  }

  /** Measures from now on until it is asked. */
  #measures(): () => string {
    const [began, cpu] = [performance.now(), this.#server.cpu()];
    return () => {
      const used = seconds(this.#server.cpu() - cpu);
      return `${seconds(performance.now() - began)}, ${used} of workerd's processor time, ${this.#server.memory().toFixed(0)} MiB`;
    };
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}

/** Returns the scale with as many members as a process here may have sockets. Node has raised the limit already. */
function fitting(scale: Scale): Scale {
  const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
  const most = Math.floor((Number(line?.[1] ?? Infinity) - OTHER_FILES) / FILES_EACH);
  return { ...scale, members: Math.min(scale.members, most) };
}
