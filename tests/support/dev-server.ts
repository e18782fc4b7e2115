// The app as `wrangler dev` serves it: page, worker and rooms, on a port and a disk of its own.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { within } from "./client.ts";
import { root } from "./workerd.ts";

/** How long wrangler may take until it serves: on a cold machine it compiles first. */
const START_MS = 110_000;

export class DevServer {
  readonly url: URL;
  readonly #process: ChildProcess;

  private constructor(url: URL, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /**
   * Serves the app, or the example in the folder `home`, with what is stored in the folder `disk`. The app has a bucket
   * for files, which its wrangler.toml does not have.
   */
  static async start(disk: string, port?: number, home = root, buckets = home === root ? ["FILES"] : []): Promise<DevServer> {
    const [own, inspector] = [port ?? (await freePort()), await freePort()];
    const wrangler = process.env["PARTY_WRANGLER"] ?? join(root, "node_modules/wrangler/bin/wrangler.js");
    const config = buckets.length > 0 ? ["--config", withBuckets(buckets, home, disk)] : [];
    const options = [...config, "--port", `${own}`, "--inspector-port", `${inspector}`, "--persist-to", disk];
    const child = spawn(process.execPath, [wrangler, "dev", "--ip", "127.0.0.1", ...options], {
      cwd: home,
      env: { ...process.env, PARTY_PROFILE: "release", WRANGLER_SEND_METRICS: "false" },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that workerd goes down with wrangler.
      detached: true,
    });
    let printed = "";
    const ready = new Promise<void>((resolve, reject) => {
      const take = (text: Buffer): void => {
        printed += text;
        if (printed.includes("Ready on")) resolve();
      };
      child.stdout?.on("data", take);
      child.stderr?.on("data", take);
      child.on("exit", (code) => reject(new Error(`wrangler dev ended with ${code}:\n${printed}`)));
    });
    await within("wrangler dev", ready, START_MS);
    return new DevServer(new URL(`http://127.0.0.1:${own}`), child);
  }

  /** Takes it down without a word, as a power cut does. */
  async kill(): Promise<void> {
    const { pid } = this.#process;
    const gone = once(this.#process, "exit");
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
    await gone;
  }
}

/** Writes a configuration with buckets, and returns where it is. */
function withBuckets(buckets: string[], home: string, disk: string): string {
  const file = join(disk, "wrangler.json");
  execFileSync(process.execPath, [join(root, "xtask/local-config.mjs"), join(home, "wrangler.toml"), file, ...buckets]);
  return file;
}

/** Returns a port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}
