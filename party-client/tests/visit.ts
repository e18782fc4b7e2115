// A visit to a room whose other end, clock and browser are the test's.
import assert from "node:assert/strict";
import { mock, type TestContext } from "node:test";
import { Room, type Memory, type RoomOptions } from "../src/index.ts";
import type { Entry, Welcome } from "../src/wire.ts";
import { network, pass, type Peer } from "./fake-socket.ts";

export type Body = { content: string };
export type Data = { name: string };

/** The types of the tests' rooms. */
export type Types = { draft: Body; body: Body; introduction: Data; profile: Data; command: unknown; own: unknown; event: unknown };

/**
 * Stops both clocks of the device for a test. Chance always takes the middle. Returns how to set the clock on the wall.
 */
export function stopClock(context: TestContext): { setBack(milliseconds: number): void } {
  let wrong = 0;
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  const now = Date.now.bind(Date);
  mock.method(performance, "now", () => now() - 999_000);
  mock.method(Date, "now", () => now() - wrong);
  mock.method(Math, "random", () => 0.5);
  context.after(() => {
    mock.restoreAll();
    mock.timers.reset();
  });
  return { setBack: (milliseconds) => void (wrong += milliseconds) };
}

/** Enters a room. The connection is asked for, and not yet open. */
export async function enter(context: TestContext, options: Partial<RoomOptions<Types>> = {}) {
  const clock = stopClock(context);
  const { peers, WebSocket } = network();
  const room = new Room<Types>({ host: "host", party: "chat", room: "lobby", memory: {}, WebSocket, ...options });
  context.after(() => room.close());
  room.connect();
  await pass(0);
  return {
    room,
    clock,
    peers,
    /** Returns the newest connection. */
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
    /** Lets the room receive what was gathered, and returns it. */
    async heard() {
      await pass(5);
      return this.peer.heard();
    },
    /** The same without the ids. */
    async asked() {
      return (await this.heard()).map(({ id: _, ...frame }) => frame);
    },
  };
}

/** Enters a room that has one item, and is welcomed. */
export async function welcomed(context: TestContext, options: Partial<RoomOptions<Types>> = {}) {
  const visit = await enter(context, options);
  visit.welcome({ entries: [item(1)] });
  return visit;
}

/** Visits of several tabs, without a connection: only what they write and find counts. */
export function tabs(context: TestContext) {
  const clock = stopClock(context);
  const visit = (memory: Memory, room = "lobby", options: Partial<RoomOptions<Types>> = {}) => {
    const { peers, WebSocket } = network();
    const visit = new Room<Types>({ host: "host", party: "chat", room, memory, WebSocket, ...options });
    visit.connect();
    context.after(() => visit.close());
    return Object.assign(visit, { peers });
  };  return Object.assign(visit, { clock });
}

export function welcome(fields: Partial<Welcome<Body, Data>> = {}): Welcome<Body, Data> & { type: "welcome" } {
  const entries = fields.entries ?? [];
  const head = fields.head ?? entries.at(-1)?.seq ?? 0;
  return {
    type: "welcome",
    you: { member: "me", role: "member" },
    epoch: "e1",
    position: `${fields.epoch ?? "e1"}.${head}.at.id`,
    head,
    now: Date.now(),
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

/**
 * What a log shows, in short: texts in order, `-` for what is deleted, `*` for what is edited, `?` for what is pending.
 */
export function shown(room: Room<Types>): string {
  return room.log.value.items
    .map(({ body, edited, pending }) => `${body?.content ?? "-"}${edited ? "*" : ""}${pending ? (pending.error ? "!" : "?") : ""}`)
    .join(", ");
}
