// Peers that break off, are slow, do not read, or send data that is far larger than it looks, beside members that must
// not notice.

import { deflateRawSync } from "node:zlib";
import { Crowd, PATIENCE_MS } from "./crowd.ts";
import { pass, type Part, type Setting } from "./part.ts";
import { frameOf, RawPeer } from "./raw-peer.ts";
import { Server } from "./server.ts";

/** How many peers do each of these things. */
const PEERS = 20;

/** How many never read. */
const DEAF = 10;

/** How large a bomb becomes. */
const BOMB_BYTES = 64 * 1024 * 1024;

/** How much memory the server may take for all of this, in mebibytes. */
const MEMORY_MIB = 250;

/**
 * How much is sent to the peers that do not read, by a member with long messages. The room asks after each mebibyte.
 */
const LONG_TEXT = "long ".repeat(1_600);
const LONG_MESSAGES = 400;

/** As the protocol says, so long after it has asked the room closes a peer that does not read; and somewhat more. */
const UNREAD_MS = 32_000;

const SLOW = "slow-typist";

export const peers: Part = {
  name: "peers",
  title: "half-open and half-sent, never reading, one byte at a time, compressed bombs",
  run: async (setting) => {
    const server = await Server.start(setting.folder);
    try {
      await new Peers(setting, server).run();
    } finally {
      await server.end("SIGKILL");
    }
  },
};

class Peers {
  readonly #setting: Setting;
  readonly #server: Server;
  readonly #crowd: Crowd;

  constructor(setting: Setting, server: Server) {
    [this.#setting, this.#server] = [setting, server];
    const options = { rooms: 1, members: 4, writers: 3, every: 150 };
    this.#crowd = new Crowd(server.url, setting.folder, "peers", setting.random.fork(), options);
  }

  get #room(): string {
    return this.#crowd.gatherings[0]?.room ?? "";
  }

  async run(): Promise<void> {
    const { section, long } = this.#setting;
    await this.#crowd.here();
    this.#crowd.write();
    await this.#crowd.everyoneAccepts();
    const memory = this.#server.memory();
    const open = await this.#halfOpen();
    await this.#beside("half-open connections", open.length);
    await this.#beside("frames cut in the middle", await this.#halfFrames());
    await this.#beside("one byte at a time", await this.#trickles());
    await this.#beside("compressed without agreement", await this.#bombs(1002));
    await this.#beside("bombs of 64 MiB", await this.#bombs(1009, "permessage-deflate"));
    if (long) await this.#beside("never reading", await this.#deaf());
    for (const peer of open) peer.socket.destroy();
    const grown = this.#server.memory() - memory;
    section.figure("memory of workerd", `${memory.toFixed(0)} MiB, and ${grown.toFixed(0)} more at the end`);
    section.expect(grown < MEMORY_MIB, `workerd has taken ${grown.toFixed(0)} MiB`);
    await this.#crowd.settle();
    await this.#server.end("SIGKILL");
    section.judge(await this.#crowd.verdicts());
  }

  /** The members of the room must be served as before, on the connections that they have. */
  async #beside(what: string, count: number): Promise<void> {
    const began = performance.now();
    await this.#crowd.everyoneAccepts();
    const took = performance.now() - began;
    this.#setting.section.figure(what, `${count} peers; every writer beside them accepted within ${took.toFixed(0)} ms`);
    const closed = this.#crowd.clients.filter(({ closes }) => closes > 0).length;
    this.#setting.section.expect(closed === 0, `${closed} members lost their connection beside: ${what}`);
  }

  async #open(count = PEERS): Promise<RawPeer[]> {
    return Promise.all(Array.from({ length: count }, () => RawPeer.open(this.#server.url, this.#room)));
  }

  /** Connections on which nothing, half a request, or nothing after the welcome is sent. They stay. */
  async #halfOpen(): Promise<RawPeer[]> {
    const peers = await this.#open();
    const entering = peers.map(async (peer, n) => {
      if (n % 3 === 1) peer.socket.write(peer.request(`half-${n}`).slice(0, 80));
      if (n % 3 === 2) await peer.enter(`half-${n}`);
    });
    await Promise.all(entering);
    return peers;
  }

  /** Half of a message, then nothing more: the checker finds the message if it is in the log. */
  async #halfFrames(): Promise<number> {
    const peers = await this.#open();
    const cutting = peers.map(async (peer, n) => {
      await peer.enter(`cut-${n}`);
      const frame = frameOf(JSON.stringify({ type: "append", id: `cut-${n}`, body: { content: "x".repeat(500) } }));
      const half = frame.subarray(0, this.#setting.random.below(frame.length));
      await new Promise((sent) => peer.socket.write(half, sent));
      peer.socket.destroy();
    });
    await Promise.all(cutting);
    return peers.length;
  }

  /** Returns a whole visit in single bytes. */
  async #trickles(): Promise<number> {
    const peer = await RawPeer.open(this.#server.url, this.#room);
    await peer.trickle(Buffer.from(peer.request(SLOW)));
    await peer.receives('"type":"welcome"');
    const operation = { type: "append", id: "one-by-one", body: { content: "slowly" } } as const;
    this.#introduce(peer);
    const { history } = this.#crowd.gatherings[0] ?? {};
    history?.record(SLOW, { what: "sent", operation });
    await peer.trickle(frameOf(JSON.stringify(operation)));
    await peer.receives('"id":"one-by-one"');
    peer.socket.destroy();
    return 1;
  }

  /** Tells the checker which member the peer is. */
  #introduce({ received }: RawPeer): void {
    const field = (name: string): string => new RegExp(`"${name}":"?([^",}]+)`).exec(received)?.[1] ?? "";
    const welcome = { member: field("member"), epoch: field("epoch"), head: Number(field("head")) };
    const { history } = this.#crowd.gatherings[0] ?? {};
    history?.record(SLOW, { what: "welcome", ...welcome, recovered: false, entries: [] });
  }

  /** Texts that are small on the wire, whether compression was agreed on or not. The server closes the connection. */
  async #bombs(code: number, extensions?: string): Promise<number> {
    const bomb = frameOf(deflateRawSync(Buffer.alloc(BOMB_BYTES, " ")), { compressed: true });
    const peers = await this.#open();
    let agreed = 0;
    const throwing = peers.map(async (peer, n) => {
      await peer.enter(`bomb-${extensions === undefined ? "bare" : "agreed"}-${n}`, extensions);
      if (peer.compresses) agreed++;
      peer.socket.write(bomb);
      await peer.isClosed(code);
      peer.socket.destroy();
    });
    await Promise.all(throwing);
    if (extensions !== undefined) this.#setting.section.figure("compression", agreed > 0 ? "is agreed to" : "is not agreed to");
    return peers.length;
  }

  /** Peers that do not read what they are sent are asked to prove it, and closed with 4408. */
  async #deaf(): Promise<number> {
    const peers = await this.#open(DEAF);
    await Promise.all(peers.map((peer, n) => peer.enter(`deaf-${n}`)));
    for (const peer of peers) peer.socket.pause();
    const [author] = this.#crowd.clients;
    if (!author) return 0;
    const flood = async (messages: number): Promise<void> => {
      const { accepts } = author.outbox;
      for (let n = 0; n < messages; n++) this.#say(author);
      await author.until("long messages", () => author.outbox.accepts >= accepts + messages, PATIENCE_MS);
    };
    await flood(LONG_MESSAGES);
    await pass(UNREAD_MS);
    await flood(1);
    for (const peer of peers) peer.socket.resume();
    await Promise.all(peers.map((peer) => peer.isClosed(4408)));
    return peers.length;
  }

  #long = 0;
  #say(author: Crowd["clients"][number]): void {
    author.write({ type: "append", id: `long-${++this.#long}`, body: { content: `${this.#long} ${LONG_TEXT}` } });
  }
}
