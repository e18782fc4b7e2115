// The database of one room is damaged: other rooms do not notice, its clients get a clear error, and there are ways
// out.

import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "./client.ts";
import { Crowd, PATIENCE_MS } from "./crowd.ts";
import { HistoryFile } from "./history.ts";
import type { Part, Setting } from "./part.ts";
import { Server } from "./server.ts";

/** How many operations are accepted before the backup, after it, and after the damage. */
const BETWEEN = 60;

/** What of a database is overwritten. */
const PAGE = 4_096;
const DAMAGES = [
  { name: "the first page", from: 0, bytes: PAGE },
  { name: "all but the first page", from: PAGE, bytes: Infinity },
  { name: "all but the first ten pages", from: 10 * PAGE, bytes: Infinity },
];

export const corruption: Part = {
  name: "corruption",
  title: "the database of one room is damaged",
  run: async (setting) => {
    const server = await Server.start(setting.folder);
    try {
      await new Corruption(setting, server).run();
    } finally {
      await server.end("SIGKILL");
    }
  },
};

class Corruption {
  readonly #setting: Setting;
  readonly #server: Server;
  /** The room that is damaged, and one beside it. */
  readonly #victims: Crowd;
  readonly #others: Crowd;
  readonly #backup: string;
  #file = "";

  constructor(setting: Setting, server: Server) {
    [this.#setting, this.#server] = [setting, server];
    this.#backup = join(setting.folder, "backup");
    const options = { rooms: 1, members: 3, writers: 2, every: 120 };
    this.#victims = new Crowd(server.url, setting.folder, "damaged", setting.random.fork(), options);
    this.#others = new Crowd(server.url, setting.folder, "beside", setting.random.fork(), { ...options, members: 0 });
  }

  async run(): Promise<void> {
    const { section } = this.#setting;
    const victims = this.#victims;
    await victims.here();
    victims.write();
    await victims.accepts(BETWEEN);
    [this.#file = ""] = this.#server.databases().filter((file) => !file.endsWith("metadata.sqlite"));
    const [beside] = this.#others.gatherings;
    if (beside) for (let n = 0; n < 3; n++) this.#others.join(beside);
    await this.#others.here();
    this.#others.write();
    // Up to here the log of the room is judged: then it goes back to what it was.
    await victims.settle();
    await this.#whileStopped(() => this.#copy(this.#server.disk, this.#backup));
    await this.#more();
    for (const damage of DAMAGES) {
      await this.#damaged(damage);
      await this.#whileStopped(() => this.#copy(this.#backup, this.#server.disk));
      section.figure("the backup is restored", await this.#works("restored"));
    }
    await this.#whileStopped(() => this.#remove());
    section.figure("the file is removed", await this.#works("removed"));
    await this.#others.settle();
    await this.#server.end("SIGKILL");
    section.judge([...(await victims.verdicts()), ...(await this.#others.verdicts())]);
  }

  /** Everybody is outside while the process does not run. */
  async #whileStopped(act: () => void): Promise<void> {
    const welcomes = this.#others.welcomes();
    await this.#server.end("SIGKILL");
    this.#setting.section.killed();
    act();
    await this.#server.restart();
    await this.#others.back(welcomes);
  }

  /** The databases of the room: the file itself and those that SQLite keeps beside it. */
  #copy(from: string, to: string): void {
    const [folder, name] = [relative(this.#server.disk, dirname(this.#file)), basename(this.#file)];
    mkdirSync(join(to, folder), { recursive: true });
    if (to === this.#server.disk) this.#remove();
    for (const file of readdirSync(join(from, folder)))
      if (file.startsWith(name)) copyFileSync(join(from, folder, file), join(to, folder, file));
  }

  #remove(): void {
    for (const ending of ["", "-wal", "-shm"]) rmSync(`${this.#file}${ending}`, { force: true });
  }

  /** Returns a member that comes to the damaged room, with a history that is not judged. */
  #visitor(name: string): Client {
    const { folder, random } = this.#setting;
    const recorder = new HistoryFile(join(folder, `${name}.jsonl`));
    const room = this.#victims.gatherings[0]?.room ?? "";
    const client = new Client({ url: this.#server.url, room, name, address: "10.9.9.9", random: random.fork(), recorder });
    client.connect();
    return client;
  }

  /** Checks that the room works: it accepts a message. */
  async #works(name: string): Promise<string> {
    const visitor = this.#visitor(name);
    await visitor.until("a welcome", () => visitor.welcomed, PATIENCE_MS);
    const { seq } = visitor;
    visitor.write({ type: "append", id: `${name}-${seq}`, body: { content: name } });
    await visitor.until("an acceptance", () => visitor.outbox.accepts === 1, PATIENCE_MS);
    visitor.leave();
    return `the room has ${seq} entries, and accepts more`;
  }

  /** What is written after the backup is what a restore loses. */
  async #more(): Promise<void> {
    await this.#works("after-the-backup");
  }

  /** Damages the database and sees what its clients and the others get. */
  async #damaged({ name, from, bytes }: (typeof DAMAGES)[number]): Promise<void> {
    const { section } = this.#setting;
    await this.#whileStopped(() => this.#overwrite(from, bytes));
    const visitor = this.#visitor(`damaged-${from}`);
    const began = performance.now();
    await visitor.until("an error", () => visitor.closes > 0 || visitor.welcomed, PATIENCE_MS);
    const took = (performance.now() - began).toFixed(0);
    const { lastError, lastClose, refused } = visitor;
    section.figure(`damaged: ${name}`, `clients get ${refused ?? lastError ?? `the close ${lastClose}`} within ${took} ms`);
    section.expect(!visitor.welcomed, "a client is welcomed in a damaged room");
    visitor.leave();
    await this.#others.everyoneAccepts();
  }

  #overwrite(from: number, bytes: number): void {
    // The write-ahead log has whole pages, which would heal what is damaged: they go into the file first.
    const database = new DatabaseSync(this.#file);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    const { size } = statSync(this.#file);
    if (size <= from) throw new Error(`${this.#file} has only ${size} bytes`);
    const file = openSync(this.#file, "r+");
    writeSync(file, Buffer.alloc(Math.min(bytes, size - from), 0x5a), 0, undefined, from);
    closeSync(file);
  }
}
