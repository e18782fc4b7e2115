// The worker that the owner has named: its answers, its sockets, and what asking it costs.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { WebSocket } from "ws";
import { INTRODUCTION, KEY_HEADER } from "../answers.ts";
import { Bill } from "./bill.ts";
import { Mistake, type Settings } from "./settings.ts";

/** How long an answer and a socket may take. 64 calls that wait a second each might be answered one by one. */
const ANSWER_MS = 90_000;
const SOCKET_MS = 30_000;

export class Site {
  readonly bill = new Bill();
  readonly #address: URL;
  readonly #headers: Record<string, string>;
  /** The names of objects begin with it. So each run has new ones, where it wants them. */
  readonly #run = randomBytes(4).toString("hex");

  private constructor({ address, key }: Settings) {
    this.#address = address;
    this.#headers = { [KEY_HEADER]: key };
  }

  /** Returns the worker if it introduces itself as the one of this folder, with this key. Nobody else is measured. */
  static async of(settings: Settings): Promise<Site> {
    const site = new Site(settings);
    site.bill.add({ requests: 1 });
    const said = await site.#get("/").catch((error: unknown) => String(error));
    if (said === INTRODUCTION) return site;
    const answer = said.slice(0, 200);
    throw new Mistake(`${settings.address} is not the worker of bench/platform, or has another key: ${answer}`);
  }

  /** Asks an object to do something. `calls` is how many other objects it calls for that. */
  async ask<Answer>(object: string, job: string, calls = 0): Promise<Answer> {
    this.bill.add({ requests: 1, calls: 1 + calls });
    return JSON.parse((await this.#get(`/${this.#run}/${object}/${job}`)) || "null") as Answer;
  }

  async #get(path: string): Promise<string> {
    const signal = AbortSignal.timeout(ANSWER_MS);
    // A redirect would lead the key to an address that nobody has named.
    const response = await fetch(new URL(path, this.#address), { headers: this.#headers, redirect: "error", signal });
    const text = await response.text();
    if (!response.ok) throw new Error(`the worker has answered ${response.status}: ${text.slice(0, 500)}`);
    return text;
  }

  /** Opens a socket to an object. */
  async open(object: string): Promise<WebSocket> {
    this.bill.add({ requests: 1, calls: 1 });
    const url = new URL(`/${this.#run}/${object}/join`, this.#address);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const options = { headers: this.#headers, perMessageDeflate: false, handshakeTimeout: SOCKET_MS };
    const socket = new WebSocket(url, options);
    // One that breaks after it was open receives nothing more, which the count of frames shows.
    socket.on("error", () => {});
    await once(socket, "open");
    return socket;
  }
}
