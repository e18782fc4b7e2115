// WebSockets that a test holds the other end of.
import { mock } from "node:test";

type Listener = (event: unknown) => void;

/** One connection, seen from the room. */
export class Peer {
  static CONNECTING = 0;
  readonly url: URL;
  readonly protocols: string[];
  readyState = 0;
  binaryType = "blob";
  bufferedAmount = 0;
  extensions = "";
  protocol = "";
  /** The texts that the client has sent. */
  texts: string[] = [];
  /** The code the client has closed with. */
  closedWith: number | undefined;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(url: string, protocols: string[]) {
    this.url = new URL(url);
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  send(text: string): void {
    this.texts.push(text);
  }

  close(code = 1000): void {
    this.readyState = 3;
    this.closedWith = code;
  }

  open(): void {
    this.readyState = 1;
    this.#tell("open", {});
  }

  /** Says frames to the client: one as it is, several as an array. */
  say(...frames: unknown[]): void {
    this.sayText(JSON.stringify(frames.length === 1 ? frames[0] : frames));
  }

  sayText(data: unknown): void {
    this.#tell("message", { data });
  }

  /** Closes the connection from the room's side. */
  end(code: number, reason = ""): void {
    this.readyState = 3;
    this.#tell("close", { code, reason });
  }

  /** Lets the connection fail as browsers do it. */
  fail(): void {
    this.readyState = 3;
    this.#tell("error", { message: "failed", error: new Error("failed") });
    this.#tell("close", { code: 1006, reason: "" });
  }

  /** Returns the frames that the client has sent since the last call, arrays taken apart, without pings. */
  heard(): Record<string, unknown>[] {
    const frames = this.texts.filter((text) => text !== "ping").flatMap((text) => JSON.parse(text) as Record<string, unknown>[]);
    this.texts = [];
    return frames;
  }

  #tell(type: string, fields: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(Object.assign(new Event(type), fields));
  }
}

/** A network: makes the `WebSocket` class for clients, and knows every connection they have asked for. */
export function network(asked: (peer: Peer) => void = () => {}) {
  const peers: Peer[] = [];
  class FakeWebSocket extends Peer {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      peers.push(this);
      asked(this);
    }
  }
  return { peers, WebSocket: FakeWebSocket };
}

/** Lets so much time pass, and everything happen that was waiting for it. */
export async function pass(milliseconds: number): Promise<void> {
  // A connection is asked for after a few promises and a timer of no length.
  await promises();
  mock.timers.tick(milliseconds);
  await promises();
  mock.timers.tick(0);
  await promises();
}

export function promises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
