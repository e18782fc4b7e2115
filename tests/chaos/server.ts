// The chat as it is deployed, in a plain workerd: a process of its own on a port and a disk of its own.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { within } from "../support/client.ts";
import { root } from "../support/workerd.ts";

/** How long workerd may take until it listens, and until it has ended. */
const START_MS = 60_000;
const END_MS = 60_000;

/** Where a workerd that reads a `wrangler.jsonc` keeps the rooms, beside that file. */
const SELF_HOSTED_DISK = ".wrangler/state/workerd";

/** A tick of `/proc/{pid}/stat`, in milliseconds: it is 100 Hz on every Linux of today. */
const TICK_MS = 10;

/** The runtime itself, without the script around it, which would get the signals in its place. */
const PACKAGE = `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}`;
const WORKERD = join(root, "node_modules", PACKAGE, "bin/workerd");

/** The modules of the built worker, the first of which is its entry. */
const MODULES = ["index.js", "index_bg.wasm"];

/** Ignores the signal for a file that is too large, so that writing it fails instead, as on a full disk. */
const WITHOUT_SIGNAL = 'trap "" XFSZ; exec "$@"';

/** The running processes. Any end of this process ends them. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Server {
  readonly folder: string;
  /** The folder of the rooms' databases. */
  readonly disk: string;
  #process: ChildProcess | undefined;
  #port = 0;
  /** Processor time of the processes that have ended. */
  #cpuBefore = 0;

  /** The program that becomes workerd, or is it, and its arguments. */
  readonly #serve: readonly string[];
  /** What its environment has besides ours. */
  readonly #environment: Record<string, string>;

  private constructor(folder: string, disk: string, serve: readonly string[], environment = {}) {
    [this.folder, this.disk, this.#serve, this.#environment] = [folder, disk, serve, environment];
  }

  /** Serves the chat with what lies in a folder, which is made if it is not there. The worker has variables. */
  static async start(folder: string, disk = join(folder, "disk"), variables: Record<string, string> = {}): Promise<Server> {
    mkdirSync(disk, { recursive: true });
    for (const module of MODULES) copyFileSync(join(root, "build", module), join(folder, module));
    writeFileSync(join(folder, "config.capnp"), configuration(disk, variables));
    const server = new Server(folder, disk, [WORKERD, "serve", join(folder, "config.capnp")]);
    await server.restart();
    return server;
  }

  /** Serves it as `cargo xtask serve` does, with the rooms in a folder. */
  static async selfHosted(folder: string, variables: Record<string, string> = {}): Promise<Server> {
    mkdirSync(folder, { recursive: true });
    writeConfiguration(folder, variables);
    const serve = [WORKERD, "serve", "--experimental", "wrangler.jsonc"];
    const server = new Server(folder, join(folder, SELF_HOSTED_DISK), serve);
    await server.restart();
    return server;
  }

  /** Serves it as the container does, with the rooms in a folder. The configuration is in another, as in the image. */
  static async contained(folder: string, image: string, key: string): Promise<Server> {
    for (const each of [folder, image]) mkdirSync(each, { recursive: true });
    writeConfiguration(image, { OPERATOR_KEY: "@OPERATOR_KEY@" });
    const start = join(image, "serve-container.sh");
    copyFileSync(join(root, "xtask/serve-container.sh"), start);
    const environment = { OPERATOR_KEY: key, PATH: `${dirname(WORKERD)}:${process.env.PATH}` };
    const server = new Server(folder, join(folder, SELF_HOSTED_DISK), ["sh", start], environment);
    await server.restart();
    return server;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${this.#port}`);
  }

  get pid(): number {
    const pid = this.#process?.pid;
    if (pid === undefined) throw new Error("the server does not run");
    return pid;
  }

  /** Starts a process that has ended, on the same disk and port. It listens when this is done. */
  async restart(): Promise<void> {
    const address = `http=127.0.0.1:${this.#port}`;
    const serve = [...this.#serve, "--control-fd=3", "--socket-addr", address];
    const stdio = ["ignore", "pipe", "pipe", "pipe"] as const;
    const env = { ...process.env, ...this.#environment };
    const child = spawn("sh", ["-c", WITHOUT_SIGNAL, "sh", ...serve], { stdio: [...stdio], cwd: this.folder, env });
    this.#process = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const output of [child.stdout, child.stderr]) output?.on("data", (text: Buffer) => appendFileSync(this.#log, text));
    this.#port = await within("a workerd that listens", listening(child), START_MS);
  }

  get #log(): string {
    return join(this.folder, "log");
  }

  /** What it has written to its log. */
  log(): string {
    return readFileSync(this.#log, { encoding: "utf8", flag: "a+" });
  }

  /** Has the process end by a signal. One that is asked to end is killed when it has not done so in time. */
  async end(signal: "SIGKILL" | "SIGTERM", graceMs = 0): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.#cpuBefore += this.#cpuNow();
    const gone = once(child, "exit");
    child.kill(signal);
    const impatient = signal === "SIGTERM" ? setTimeout(() => child.kill("SIGKILL"), graceMs) : undefined;
    await within(`the end by ${signal}`, gone, graceMs + END_MS).finally(() => clearTimeout(impatient));
  }

  /** Has the process stand still, or go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    process.kill(this.pid, signal);
  }

  /**
   * Limits the length of the files that the process may write, which it finds out when it writes; `undefined` lifts the
   * limit.
   */
  limitFiles(bytes: number | undefined): void {
    const limit = spawnSync("prlimit", ["--pid", `${this.pid}`, `--fsize=${bytes ?? "unlimited"}:unlimited`]);
    if (limit.status !== 0) throw new Error(`prlimit: ${limit.error ?? limit.stderr}`);
  }

  /** Returns the processor time that it has used, in milliseconds, over all its processes. */
  cpu(): number {
    return this.#cpuBefore + this.#cpuNow();
  }

  #cpuNow(): number {
    const stat = readFileSync(`/proc/${this.pid}/stat`, "utf8");
    // The second field is the program's name in brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** Its memory in mebibytes. */
  memory(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) / 1024;
  }

  /** Returns the files of the rooms' databases. */
  databases(): string[] {
    const folder = join(this.disk, "Chat");
    return readdirSync(folder).filter((name) => name.endsWith(".sqlite")).map((name) => join(folder, name));
  }
}

/** Waits until workerd reports the port on which it listens. */
async function listening(child: ChildProcess): Promise<number> {
  const control = child.stdio[3] as Readable;
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`workerd ended with ${code} before it listened: see its log`);
  });
  let text = "";
  const port = (async () => {
    for await (const chunk of control) {
      text += chunk;
      const event = /"event":"listen".*?"port":(\d+)/.exec(text);
      if (event) return Number(event[1]);
    }
    throw new Error(`workerd does not report a port: ${text}`);
  })();
  // The process ends some time, and is then missed by nobody.
  ended.catch(() => undefined);
  return Promise.race([port, ended]);
}

/** Writes what `cargo xtask serve` and the container file have written. */
function writeConfiguration(folder: string, variables: Record<string, string>): void {
  const write = [join(root, "xtask/serve-config.mjs"), join(root, "wrangler.toml"), folder, ...Object.keys(variables)];
  const written = spawnSync(process.execPath, write, { env: { ...process.env, ...variables }, encoding: "utf8" });
  if (written.status !== 0) throw new Error(written.stderr);
}

function configuration(disk: string, variables: Record<string, string>): string {
  const texts = Object.entries(variables).map(([name, value]) => `, (name = "${name}", text = "${value}")`).join("");
  const kind = (name: string): string => (name.endsWith(".wasm") ? "wasm" : "esModule");
  const modules = MODULES.map((name) => `(name = "${name}", ${kind(name)} = embed "${name}")`).join(", ");
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "disk", disk = (path = "${disk}", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${modules}],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [(className = "Chat", uniqueKey = "Chat", enableSql = true)],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [(name = "Chat", durableObjectNamespace = "Chat")${texts}],
);
`;
}
