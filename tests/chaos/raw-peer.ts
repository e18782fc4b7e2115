// A client that speaks WebSocket by hand (RFC 6455), so that it can break it.

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { within } from "../support/client.ts";
import { PATIENCE_MS } from "./crowd.ts";

/** How a frame differs from a whole and plain text. */
export interface FrameOptions {
  /** Whether it is marked as compressed. */
  readonly compressed?: boolean;
}

/** Returns a frame from a client, with a text or bytes. */
export function frameOf(content: string | Buffer, { compressed = false }: FrameOptions = {}): Buffer {
  const payload = Buffer.from(content);
  const first = 0x81 | (compressed ? 0x40 : 0);
  const { length } = payload;
  const size =
    length < 126 ? Buffer.from([0x80 | length])
    : length < 65_536 ? Buffer.from([0x80 | 126, length >> 8, length & 255])
    : Buffer.concat([Buffer.from([0x80 | 127]), wide(length)]);
  const mask = randomBytes(4);
  const masked = payload.map((byte, at) => byte ^ (mask[at & 3] as number));
  return Buffer.concat([Buffer.from([first]), size, mask, masked]);
}

/** Returns a byte in an expression. */
function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function wide(length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return bytes;
}

export class RawPeer {
  readonly socket: Socket;
  /** All that it has received, one character for each byte. */
  received = "";
  readonly #server: URL;
  readonly #room: string;

  private constructor(server: URL, room: string, socket: Socket) {
    [this.#server, this.#room, this.socket] = [server, room, socket];
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => (this.received += bytes.toString("latin1")));
    // What is broken off on purpose ends in errors.
    socket.on("error", () => undefined);
  }

  /** Opens a connection, without saying anything on it. */
  static async open(server: URL, room: string): Promise<RawPeer> {
    const socket = connect(Number(server.port), server.hostname);
    const peer = new RawPeer(server, room, socket);
    await within("a connection", once(socket, "connect"), PATIENCE_MS);
    return peer;
  }

  /** Returns the request for a WebSocket. */
  request(name: string, extensions?: string): string {
    const presence = encodeURIComponent(JSON.stringify({ name }));
    const lines = [
      `GET /parties/chat/${this.#room}?_pk=${name}&wire=2&presence=${presence} HTTP/1.1`,
      `Host: ${this.#server.host}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "Sec-WebSocket-Protocol: party",
      ...(extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`]),
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  /**
   * Sends the request and waits until the room has welcomed it, or, where that cannot be read, until there is a
   * connection.
   */
  async enter(name: string, extensions?: string): Promise<void> {
    this.socket.write(this.request(name, extensions));
    await this.receives(extensions === undefined ? '"type":"welcome"' : "\r\n\r\n");
  }

  /** Sends bytes one at a time, each in a packet of its own. */
  async trickle(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      await new Promise((sent) => this.socket.write(Buffer.from([byte]), sent));
      await new Promise(setImmediate);
    }
  }

  /** Waits until something is among what it has received. */
  async receives(what: string): Promise<void> {
    await this.#until(what, () => this.received.includes(what));
  }

  /** Waits until the server has sent a close frame with this code. */
  async isClosed(code: number): Promise<void> {
    // An operation code, a length, and the code. workerd sends reasons that are longer than RFC 6455 allows.
    const close = new RegExp(`\\x88(?:[\\0-\\x7d]|~..)${escaped(code >> 8)}${escaped(code & 255)}`, "s");
    await this.#until(`a close with ${code}`, () => close.test(this.received));
  }

  /** Returns whether the server has agreed to compression. */
  get compresses(): boolean {
    return /sec-websocket-extensions: *permessage-deflate/i.test(this.received);
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => void (holds() && resolve());
    for (const event of ["data", "close"]) this.socket.on(event, look);
    look();
    await within(what, promise, PATIENCE_MS).finally(() => {
      for (const event of ["data", "close"]) this.socket.off(event, look);
    });
  }
}
