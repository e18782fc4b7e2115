// A visit to a room whose other end, clock and browser are the test's.
import assert from "node:assert/strict";
import { mock, type TestContext } from "node:test";
import { Room, type RoomOptions } from "../src/index.ts";
import type { Entry, Welcome } from "../src/wire.ts";
import { network, pass, type Peer } from "./fake-socket.ts";

export type Body = { content: string };
export type Data = { name: string };

/** Stops the clock for a test. Chance always takes the middle. */
export function stopClock(context: TestContext): void {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  mock.method(Math, "random", () => 0.5);
  context.after(() => {
    mock.timers.reset();
    mock.restoreAll();
  });
}

/** Enters a room. The connection is asked for, and not yet open. */
export async function enter(context: TestContext, options: Partial<RoomOptions<Data>> = {}) {
  stopClock(context);
  const { peers, WebSocket } = network();
  const room = new Room<Body, Data>({ host: "host", party: "chat", room: "lobby", memory: {}, WebSocket, ...options });
  context.after(() => room.close());
  await pass(0);
  return {
    room,
    peers,
    /** The newest connection. */
    get peer(): Peer {
      const peer = peers.at(-1);
      assert.ok(peer, "no connection was asked for");
      return peer;
    },
    /** Opens the newest connection and welcomes the client on it. */
    welcome(fields: Partial<Welcome<Body, Data>> = {}) {
      this.peer.open();
      this.peer.say(welcome(fields));
    },
    /** Lets the room hear what was gathered, and gives it. */
    async heard() {
      await pass(5);
      return this.peer.heard();
    },
  };
}

export function welcome(fields: Partial<Welcome<Body, Data>> = {}): Welcome<Body, Data> & { type: "welcome" } {
  const entries = fields.entries ?? [];
  return {
    type: "welcome",
    you: { member: "me", role: "member" },
    epoch: "e1",
    head: entries.at(-1)?.seq ?? 0,
    recovered: false,
    entries,
    older: false,
    presence: { count: 1, members: [{ member: "me", data: { name: "Me" } }] },
    ...fields,
  };
}

export function item(seq: number, fields: Partial<Entry<Body>> = {}): Entry<Body> {
  return { seq, id: `i${seq}`, author: "them", at: seq, body: { content: `text ${seq}` }, ...fields };
}

export function entry(seq: number, fields: Partial<Entry<Body>> = {}) {
  return { type: "entry", ...item(seq, fields) };
}

/** What a log shows, in short: texts in order, `-` for what is deleted, `*` for what is edited, `?` for what is pending. */
export function shown(room: Room<Body, Data>): string {
  return room.log.value.items
    .map(({ body, edited, pending }) => `${body?.content ?? "-"}${edited ? "*" : ""}${pending ? (pending.error ? "!" : "?") : ""}`)
    .join(", ");
}
