// Disks that are full or read-only while clients write.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "./client.ts";
import { Crowd, PATIENCE_MS } from "./crowd.ts";
import type { Part, Setting } from "./part.ts";
import { Server } from "./server.ts";

/** A disk that is soon full, where this process may mount one. */
const DISK_MIB = 16;

/** How much every file may still grow before it is at its limit. */
const ROOM_TO_GROW = 64 * 1024;

/** How many operations are accepted before each fault and after the last one. */
const BETWEEN = 60;

export const disk: Part = {
  name: "disk",
  title: "the disk is full, or read-only, while clients write",
  run: async (setting) => {
    const folder = join(setting.folder, "disk");
    const mounted = mount(folder);
    const server = await Server.start(setting.folder);
    try {
      await new Disk(setting, server, mounted).run();
    } finally {
      await server.end("SIGKILL");
      if (mounted) unmount(folder);
    }
  },
};

class Disk {
  readonly #setting: Setting;
  readonly #server: Server;
  readonly #mounted: boolean;
  readonly #crowd: Crowd;

  constructor(setting: Setting, server: Server, mounted: boolean) {
    [this.#setting, this.#server, this.#mounted] = [setting, server, mounted];
    const options = { rooms: 2, members: 4, writers: 3, every: 120 };
    this.#crowd = new Crowd(server.url, setting.folder, "disk", setting.random.fork(), options);
  }

  async run(): Promise<void> {
    const server = this.#server;
    const { section } = this.#setting;
    await this.#crowd.here();
    this.#crowd.write();
    await this.#fails("no file may be written", () => server.limitFiles(0), () => server.limitFiles(undefined));
    await this.#fails("files are at their limit", () => server.limitFiles(this.#longest()), () => server.limitFiles(undefined));
    if (this.#mounted) {
      const ballast = join(server.disk, "ballast");
      await this.#fails("the disk is full", () => fill(ballast), () => rmSync(ballast));
    } else section.figure("a disk of its own", "cannot be mounted here: limits of the process stand for it");
    await this.#crowd.accepts(BETWEEN);
    // What is on the disk is what was promised: the memory of the process goes.
    await server.end("SIGKILL");
    section.killed();
    await server.restart();
    await this.#crowd.settle();
    await server.end("SIGKILL");
    section.judge(await this.#crowd.verdicts());
  }

  #longest(): number {
    const files = this.#server.databases().flatMap((file) => [file, `${file}-wal`]);
    const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return Math.max(...sizes) + ROOM_TO_GROW;
  }

  /** Makes writes fail until every writer has an error, and then succeed again. */
  async #fails(name: string, begin: () => void, end: () => void): Promise<void> {
    await this.#crowd.accepts(BETWEEN);
    const writers = this.#crowd.writers;
    const closes = new Map(writers.map((client) => [client, client.closes]));
    const refusals = new Map(writers.map((client) => [client, client.outbox.refusals.length]));
    const news = (client: Client): readonly string[] => client.outbox.refusals.slice(refusals.get(client));
    const cut = (client: Client): boolean => client.closes > (closes.get(client) ?? 0);
    begin();
    const began = performance.now();
    const told = writers.map((client) =>
      client.until("word of the failure", () => cut(client) || news(client).length > 0, PATIENCE_MS),
    );
    await Promise.all(told).finally(end);
    const ended = performance.now();
    const codes = new Set(writers.flatMap((client) => [...news(client), ...(cut(client) ? [`close ${client.lastClose}`] : [])]));
    await this.#crowd.everyoneAccepts();
    const back = performance.now() - ended;
    this.#setting.section.figure(
      name,
      `senders are told within ${(ended - began).toFixed(0)} ms (${[...codes].join(", ")}), accepted again after ${back.toFixed(0)} ms`,
    );
  }
}

/** Mounts a small disk in memory, if this process may. It does not outlive this process. */
function mount(folder: string): boolean {
  mkdirSync(folder);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m`, "party-chaos", folder]).status === 0;
  if (mounted) process.once("exit", () => unmount(folder));
  return mounted;
}

/** Lets a disk go, also while a process that is ending still has files there. */
function unmount(folder: string): void {
  spawnSync("umount", ["--lazy", folder]);
}

/** Takes all the space that there is. */
function fill(ballast: string): void {
  for (const size of [256 * 1024, 4 * 1024, 1]) {
    try {
      for (;;) appendFileSync(ballast, Buffer.alloc(size, 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}
