// The chat as its own client uses it, over the real `party-client`, in Node.

import { type Memory, type Observable, Room } from "party-client";
import type { ChatRoom, ChatTypes } from "../../chat/client/room-types.ts";
import { cuttable } from "./chat.ts";
import { within } from "./client.ts";

/** Returns the shared storage of a browser's tabs. */
export function browser(): Map<string, string> {
  return new Map();
}

/** Everyone who is in a room. */
const present = new Set<Member>();

/** Has everyone leave: what a test leaves open keeps Node from ending. */
export function allLeave(): void {
  for (const member of present) member.leave();
}

/** Somebody in a room, in one tab of a browser. */
export class Member {
  readonly room: ChatRoom;
  /** Breaks the connection. */
  readonly cut: () => void;

  constructor(url: URL, room: string, name: string, tabs: Map<string, string> = browser()) {
    const { Socket, cut } = cuttable();
    this.cut = cut;
    this.room = new Room<ChatTypes>({
      host: url.host,
      protocol: "ws",
      party: "chat",
      room,
      presence: { name },
      memory: memory(tabs),
      WebSocket: Socket,
      timings: { least: 20, most: 200 },
    });
    present.add(this);
    this.room.connect();
  }

  /** Waits until the line to the room is there. */
  async connected(): Promise<void> {
    await until("the connection", this.room.state, ({ status }) => status === "connected");
  }

  /** Waits until all that was written here has been taken or refused, and gives up what was refused. */
  async settled(): Promise<void> {
    await until("an answer to everything", this.room.outbox, (outbox) => outbox.every(({ error }) => error), 60_000);
    for (const { frame } of this.room.outbox.value) this.room.discard(frame.id);
  }

  /** The texts, once they are these. */
  async sees(...texts: string[]): Promise<void> {
    const wanted = texts.join("\n");
    await until(`"${wanted}"`, this.room.log, () => this.texts().join("\n") === wanted);
  }

  texts(): string[] {
    return this.room.log.value.items.flatMap(({ body }) => (body?.content === undefined ? [] : [body.content]));
  }

  say(content: string): void {
    // What is not acknowledged when the visit ends stays unanswered; what is refused is seen in the outbox.
    this.room.send({ content }).done.catch(() => undefined);
  }

  leave(): void {
    present.delete(this);
    this.room.close();
  }
}

/** Waits until an observable holds what it is to hold. */
export async function until<T>(what: string, of: Observable<T>, holds: (value: T) => boolean, patience?: number): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const stop = of.subscribe((value) => holds(value) && resolve(value));
  try {
    return await within(what, promise, patience);
  } finally {
    stop();
  }
}

/** What a browser keeps for all of its tabs, and for one of them. */
export function memory(tabs: Map<string, string>, tab: Map<string, string> = new Map()): Memory {
  return { local: storage(tabs), session: storage(tab) };
}

function storage(kept: Map<string, string>) {
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    key: (index: number) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
}
