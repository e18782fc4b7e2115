// The platform's figures: a worker whose objects call each other, accept sockets, and send to them, and report how long
// it took. The program in `measure` asks them; README.md says what for. Nothing is stored.
//
// On Cloudflare time stands still inside an event until something comes in from outside ("Performance and timers" of
// the documentation of Workers). So an object never measures its own loop: it measures its calls of another object, and
// the answer of a call comes from outside.

import { DurableObject } from "cloudflare:workers";
import type { Calls, Place, Sent, Trips, Watched } from "./answers.ts";
import { INTRODUCTION, KEY_HEADER, LEAST_KEY, MOST, PLACES } from "./answers.ts";

interface Env {
  readonly FIGURES: DurableObjectNamespace<Figures>;
  readonly FIGURES_KEY?: string;
}

export class Figures extends DurableObject<Env> {
  /** The open sockets, kept in memory as rooms do it. After a sleep the platform still has them. */
  #sockets: WebSocket[];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sockets = ctx.getWebSockets();
  }

  override async fetch(request: Request): Promise<Response> {
    const asked = new Asked(request);
    switch (asked.job) {
      case "wait":
        await scheduler.wait(asked.number("ms", MOST.wait));
        return new Response();
      case "calls":
        return Response.json(await this.#calls(asked));
      case "trips":
        return Response.json(await this.#trips(asked));
      case "watch":
        return Response.json(await this.#watch(asked));
      case "send":
        return Response.json(this.#send(asked));
      case "join":
        return this.#join(request);
      default:
        return new Response("Not found", { status: 404 });
    }
  }

  /** Calls objects, all at the same time, and each of them waits before it answers. */
  async #calls(asked: Asked): Promise<Calls> {
    const ms = asked.number("ms", MOST.wait);
    const start = performance.now();
    const calls = Array.from({ length: asked.number("n", MOST.calls) }, async (_, index) => {
      await this.#call(asked.run, `peer-${index}`, `wait?ms=${ms}`);
      return performance.now() - start;
    });
    const settled = await Promise.allSettled(calls);
    return {
      answered: settled.flatMap((call) => (call.status === "fulfilled" ? [call.value] : [])),
      failed: settled.flatMap((call) => (call.status === "rejected" ? [String(call.reason)] : [])),
    };
  }

  /** Calls one object, several times after each other. The first call, which makes the object, does not count. */
  async #trips(asked: Asked): Promise<Trips> {
    const [n, place] = [asked.number("n", MOST.trips), asked.place()];
    const call = () => this.#call(asked.run, `at-${place ?? "near"}`, "wait?ms=0", place);
    await call();
    const each: number[] = [];
    const start = performance.now();
    for (let trip = 0; trip < n; trip += 1) {
      const before = performance.now();
      await call();
      each.push(performance.now() - before);
    }
    return { each, total: performance.now() - start };
  }

  /**
   * Has the crowd's object send a frame to its sockets, and calls it once more: the second call waits behind what the
   * first has left to do.
   */
  async #watch({ run, search }: Asked): Promise<Watched> {
    const start = performance.now();
    const sent = await this.#call(run, "crowd", `send${search}`);
    const loop = performance.now() - start;
    await this.#call(run, "crowd", "wait?ms=0");
    return { ...(JSON.parse(sent) as Sent), loop, busy: performance.now() - start };
  }

  async #call(run: string, object: string, job: string, place?: Place): Promise<string> {
    const id = this.env.FIGURES.idFromName(`${run}/${object}`);
    const stub = this.env.FIGURES.get(id, place && { locationHint: place });
    const response = await stub.fetch(`https://figures/${run}/${object}/${job}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return text;
  }

  #join(request: Request): Response {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("Expected a WebSocket", { status: 426 });
    if (this.#sockets.length >= MOST.sockets) return new Response("Full", { status: 503 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    this.#sockets.push(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** Sends the number of the round, filled up to a length, to the first `n` sockets that are open. */
  #send(asked: Asked): Sent {
    const frame = `${asked.number("round", MOST.rounds)} `.padEnd(asked.number("bytes", MOST.bytes), ".");
    const open = this.#sockets.slice(0, asked.number("n", MOST.sockets));
    return { sockets: open.filter((socket) => isSent(socket, frame)).length };
  }

  override webSocketClose(socket: WebSocket): void {
    this.#sockets = this.#sockets.filter((other) => other !== socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.webSocketClose(socket);
  }
}

/** Sends a frame, unless the socket has broken and its event is still to come. */
function isSent(socket: WebSocket, frame: string): boolean {
  try {
    socket.send(frame);
    return true;
  } catch {
    return false;
  }
}

/** A request, read: `/{run}/{object}/{job}?{numbers}`. */
class Asked {
  readonly run: string;
  readonly object: string;
  readonly job: string;
  /** The numbers as they came, with the question mark. */
  readonly search: string;
  readonly #values: URLSearchParams;

  constructor({ url }: Request) {
    const { pathname, search, searchParams } = new URL(url);
    [, this.run = "", this.object = "", this.job = ""] = pathname.split("/");
    this.search = search;
    this.#values = searchParams;
  }

  /** Returns a number of the request. One that is missing or too large is an error. */
  number(name: string, most: number): number {
    const number = Number(this.#values.get(name) ?? Number.NaN);
    if (!(Number.isInteger(number) && number >= 0 && number <= most)) throw new RangeError(`${name} is 0 to ${most}`);
    return number;
  }

  place(): Place | undefined {
    const named = this.#values.get("at");
    return PLACES.find((place) => place === named);
  }
}

/** Returns whether a request has the key. Without a long key in its settings the worker answers nobody. */
async function isOwner(request: Request, key = ""): Promise<boolean> {
  if (key.length < LEAST_KEY) return false;
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [given, right] = await Promise.all([digest(request.headers.get(KEY_HEADER) ?? ""), digest(key)]);
  return crypto.subtle.timingSafeEqual(given, right);
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (!(await isOwner(request, env.FIGURES_KEY))) return new Response("Forbidden", { status: 403 });
    const { run, object } = new Asked(request);
    if (!run) return new Response(INTRODUCTION);
    try {
      return await env.FIGURES.get(env.FIGURES.idFromName(`${run}/${object}`)).fetch(request);
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
} satisfies ExportedHandler<Env>;
