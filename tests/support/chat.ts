// The chat as a client of the original app uses it, over a real `partysocket`, in Node.

import { PartySocket } from "partysocket";
import { type ClientOptions, WebSocket } from "ws";
import { within } from "./client.ts";

/** A message as the original app has it. */
export type Message = { id: string; content: string; user: string; role: "user" | "assistant" };

export type ClientFrame = { type: "add" | "update" } & Message;

export type ServerFrame =
  | { type: "all"; messages: Message[] }
  | ({ type: "add" | "update" } & Message)
  | { type: "error"; code: string; message: string; id?: string; retryAfter?: number; messages?: Message[] };

/** The socket of Node for `partysocket`; it hangs up soon after both sides have said goodbye (see `client.ts`). */
export class NodeSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const options: ClientOptions & { closeTimeout: number } = { closeTimeout: 200 };
    super(url, protocols, options);
  }
}

/** Returns a class of sockets for one client, and a function that breaks its newest connection. */
export function cuttable(): { Socket: typeof NodeSocket; cut: () => void } {
  const sockets: NodeSocket[] = [];
  class Socket extends NodeSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
      // A connection that is cut also fails with an error, which needs no handling.
      this.on("error", () => undefined);
    }
  }
  return { Socket, cut: () => sockets.at(-1)?.terminate() };
}

/** Somebody in a room. */
export class Guest {
  readonly socket: PartySocket;
  readonly #frames: ServerFrame[] = [];
  readonly #waiting: ((frame: ServerFrame) => void)[] = [];

  constructor(url: URL, room: string, query: Record<string, string> = {}, id?: string) {
    this.socket = new PartySocket({
      host: url.host,
      party: "chat",
      room,
      query,
      ...(id === undefined ? {} : { id }),
      WebSocket: NodeSocket,
    });
    this.socket.addEventListener("message", ({ data }) => {
      const frame: ServerFrame = JSON.parse(data);
      const waiting = this.#waiting.shift();
      if (waiting) waiting(frame);
      else this.#frames.push(frame);
    });
  }

  /** Returns the next frame. */
  frame(patience?: number): Promise<ServerFrame> {
    const next = this.#frames.shift();
    if (next) return Promise.resolve(next);
    return within("a frame", new Promise((resolve) => this.#waiting.push(resolve)), patience);
  }

  /** Returns the next frame, which must be the history: what was said, in order. */
  async history(): Promise<string[]> {
    const frame = await this.frame();
    if (frame.type !== "all") throw new Error(`expected the history, got ${JSON.stringify(frame)}`);
    return frame.messages.map((message) => message.content);
  }

  say(id: string, content: string, user = "Ada"): void {
    this.sendFrame({ type: "add", ...draft(id, content, user) });
  }

  /** Says something again and again until it is taken, as slowly as the room wants it. */
  async insist(text: string): Promise<void> {
    for (;;) {
      this.say(text, text, "Eve");
      const answer = await this.frame();
      if (answer.type !== "error") return;
      await new Promise((over) => setTimeout(over, answer.retryAfter ?? 0));
    }
  }

  sendFrame(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  leave(): void {
    this.socket.close();
  }
}

/**
 * Fills a room with `message number 0`, `message number 1` .., or with those from another number on. Rooms take only so
 * much of one guest at once, so several say them.
 */
export async function fill(url: URL, room: string, count: number, begin = 0): Promise<void> {
  const end = begin + count;
  for (let from = begin; from < end; from += EACH) {
    const guest = new Guest(url, room);
    await guest.history();
    for (let number = from; number < Math.min(from + EACH, end); number++) await guest.insist(`message number ${number}`);
    guest.leave();
  }
}

const EACH = 25;

export function draft(id: string, content: string, user = "Ada"): Message {
  return { id, content, user, role: "user" };
}
