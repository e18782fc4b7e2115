// Clients of Yjs with the providers from npm, unchanged, in Node.

import YProvider from "y-partyserver/provider";
import { WebsocketProvider } from "y-websocket";
import { readAuthMessage } from "y-protocols/auth";
import type { Awareness } from "y-protocols/awareness";
import { Doc, type Text } from "yjs";
import { roomOf } from "../../examples/editor/client/address.ts";
import { NodeSocket } from "./chat.ts";
import { within } from "./client.ts";

/** The packages that have a provider. */
export const KINDS = ["y-partyserver", "y-websocket"] as const;

/** The kind of the messages in which a room says why something was refused. */
const AUTH = 2;

/** Everyone who is in a room. */
const present = new Set<Peer>();

/** Has everyone leave: what a test leaves open keeps Node from ending. */
export function allLeave(): void {
  for (const peer of present) peer.leave();
}

export type PeerOptions = {
  kind?: (typeof KINDS)[number];
  /** Shows no key, so that it may only read. */
  reads?: boolean;
  name?: string;
};

/** Somebody with a document of their own, in the room of a key. */
export class Peer {
  readonly doc = new Doc();
  readonly text: Text = this.doc.getText("codemirror");
  readonly provider: YProvider | WebsocketProvider;
  /** The reasons for which the room has refused something. */
  readonly refused: string[] = [];
  /** The custom messages that have come. */
  readonly news: unknown[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(url: URL, key: string, { kind = "y-partyserver", reads = false, name = "" }: PeerOptions = {}) {
    const [room, shown] = [roomOf(key), reads ? {} : { key }];
    const common = { WebSocketPolyfill: NodeSocket as unknown as typeof WebSocket, disableBc: true, maxBackoffTime: 200 };
    if (kind === "y-partyserver") {
      const params = { news: "", ...shown };
      this.provider = new YProvider(url.host, room, this.doc, { ...common, party: "editor", params });
      this.provider.on("custom-message", (text: string) => this.news.push(JSON.parse(text)) && this.#tell());
    } else {
      const server = `ws://${url.host}/parties/editor`;
      this.provider = new WebsocketProvider(server, room, this.doc, { ...common, params: shown });
    }
    this.provider.messageHandlers[AUTH] = (_encoder: unknown, decoder: Parameters<typeof readAuthMessage>[0]) => {
      readAuthMessage(decoder, this.doc, (_doc, reason) => this.refused.push(reason) && this.#tell());
    };
    if (name) this.awareness.setLocalStateField("user", { name });
    this.doc.on("update", this.#tell);
    this.awareness.on("change", this.#tell);
    // Both providers tell of it, by types of their own.
    const events = this.provider as { on(event: string, listener: () => void): void };
    for (const event of ["sync", "status"]) events.on(event, this.#tell);
    present.add(this);
  }

  get awareness(): Awareness {
    return this.provider.awareness;
  }

  readonly #tell = (): void => this.#listeners.forEach((listener) => listener());

  /** Waits until something holds, which is asked whenever something has happened. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const done = Promise.withResolvers<void>();
    const listener = () => holds() && done.resolve();
    this.#listeners.add(listener);
    listener();
    try {
      await within(what, done.promise);
    } catch (error) {
      throw new Error(`${(error as Error).message}; the text is ${JSON.stringify(this.text.toString().slice(0, 300))}`);
    } finally {
      this.#listeners.delete(listener);
    }
  }

  /** Waits until it has what the room has. */
  async synced(): Promise<this> {
    await this.until("the document", () => this.provider.synced);
    return this;
  }

  /** Waits until the text is this. */
  sees(text: string): Promise<void> {
    return this.until(`the text ${JSON.stringify(text.slice(0, 300))}`, () => this.text.toString() === text);
  }

  /** Waits until the others have these names. */
  meets(...names: string[]): Promise<void> {
    const wanted = JSON.stringify(names.sort());
    return this.until(`the others ${wanted}`, () => JSON.stringify(this.others()) === wanted);
  }

  /** Returns the names of the others, sorted. */
  others(): string[] {
    const states = [...this.awareness.getStates()].filter(([id]) => id !== this.doc.clientID);
    return states.map(([, state]) => String((state["user"] as { name?: string } | undefined)?.name)).sort();
  }

  /** Writes at the end of the text. */
  write(text: string): void {
    this.text.insert(this.text.length, text);
  }

  /** Sends a command of the editor. */
  command(command: object): void {
    if (!(this.provider instanceof YProvider)) throw new Error("the provider has no custom messages");
    this.provider.sendMessage(JSON.stringify(command));
  }

  /** Breaks the connection, as a network does. The provider comes back by itself. */
  cut(): void {
    (this.provider.ws as unknown as NodeSocket | null)?.terminate();
  }

  leave(): void {
    present.delete(this);
    this.provider.destroy();
    this.doc.destroy();
  }
}
