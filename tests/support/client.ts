// A WebSocket client that waits for the frames that it expects, instead of sleeping.

import { once } from "node:events";
import type { Socket } from "node:net";
import { type ClientOptions, WebSocket } from "ws";

/** What a client got: text, or bytes. */
export type Received = string | Uint8Array;

/** How long anything that must come may take. */
const PATIENCE_MS = 30_000;

/**
 * How long a client waits for the server to hang up once both have said goodbye. workerd does not hang up when it was
 * the room that closed; browsers then do so themselves after about two seconds, Node's own WebSocket never does.
 */
export const CLOSE_TIMEOUT_MS = 200;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** One connection. Messages that nobody has asked for yet are kept in order. */
export class Client {
  readonly #socket: WebSocket;
  readonly #received: Received[] = [];
  readonly #waiting: ((received: Received) => void)[] = [];
  readonly #closed = Promise.withResolvers<Closed>();
  #close = (code?: number, reason?: string): void => this.#socket.close(code, reason);

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary) => this.#take(isBinary ? new Uint8Array(data) : data.toString()));
    socket.on("close", (code, reason) => this.#closed.resolve({ code, reason: reason.toString() }));
  }

  /** Connects. The first frames of the room are not missed. */
  static async connect(url: URL, subprotocols: string[] = [], headers: Record<string, string> = {}): Promise<Client> {
    const options: ClientOptions & { closeTimeout: number } = { closeTimeout: CLOSE_TIMEOUT_MS, headers };
    const socket = new WebSocket(url, subprotocols, options);
    const client = new Client(socket);
    await within(`the connection to ${url}`, once(socket, "open"));
    return client;
  }

  /** Returns the subprotocol that the room has selected. */
  get subprotocol(): string {
    return this.#socket.protocol;
  }

  /** From now on it does not answer when the room closes it, and can go on sending. */
  defy(): void {
    const close = this.#socket.close.bind(this.#socket);
    this.#socket.close = () => {};
    this.#close = close;
  }

  /** Sends a frame that breaks the protocol: its bits and its kind mean nothing. */
  sendNonsense(): void {
    const { _socket } = this.#socket as unknown as { _socket: Socket };
    _socket.write(new Uint8Array([0xff, 0x80, 0, 0, 0, 0]));
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** Returns the next message. */
  receive(): Promise<Received> {
    const next = this.#received.shift();
    if (next !== undefined) return Promise.resolve(next);
    return within("a message", new Promise((resolve) => this.#waiting.push(resolve)));
  }

  close(code?: number, reason?: string): void {
    this.#close(code, reason);
  }

  /** Returns how the connection ended, once it has. */
  closed(): Promise<Closed> {
    return within("the end of the connection", this.#closed.promise);
  }

  #take(received: Received): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(received);
    else this.#received.push(received);
  }
}

/** Fails when something that must come does not. */
export async function within<T>(what: string, promise: Promise<T>, patience = PATIENCE_MS): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} has not come within ${patience} ms`)), patience);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
