// Chance decides the actions of people and the losses of the network. In the end everybody must see the same, nothing
// that was acknowledged is missing, nothing is there twice, and nothing waits. A seed that fails is named and fails
// again.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Room, type Sent } from "../src/index.ts";
import type { ClientFrame } from "../src/wire.ts";
import { browser, storage } from "./browser.ts";
import { network, pass, type Peer } from "./fake-socket.ts";
import { fault, ModelRoom } from "./model-room.ts";
import { stopClock, type Body, type Types } from "./visit.ts";

const SEEDS = 600;
const STEPS = 90;
const UNREADABLE = "unreadable";
const NOT_JSON = { type: "error", code: "not_json", message: "not JSON" };

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function chance(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A connection: frames of the room on it are under way; frames of the client wait in `peer.texts`. */
type Wire = { peer: Peer; toClient: unknown[] };

class World {
  readonly room = new ModelRoom();
  readonly written: string[] = [];
  readonly acknowledged = new Map<string, number>();
  readonly wires: Wire[] = [];
  readonly tabs: Tab[] = [];
  readonly random: () => number;
  reliable = false;

  constructor(random: () => number) {
    this.random = random;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<T>(values: readonly T[]): T | undefined {
    return values[this.below(values.length)];
  }

  /** Returns whether something happens that happens so often, as long as things go wrong. */
  mishap(often: number): boolean {
    return !this.reliable && this.random() < often;
  }

  /** One thing of all that the network and the room may do. */
  move(wire: Wire): void {
    const { peer } = wire;
    if (peer.closedWith !== undefined || this.mishap(0.02)) return this.cut(wire);
    if (peer.readyState === 0) {
      peer.open();
      wire.toClient.push(this.room.admit(peer));
    } else if (peer.texts.length && this.random() < 0.5) {
      const text = peer.texts.shift() ?? "";
      if (!this.mishap(0.04)) this.hear(wire, text);
      if (this.mishap(0.04) && !text.includes(UNREADABLE)) this.hear(wire, text);
    } else if (wire.toClient.length) {
      // Often one frame, sometimes several in one array.
      const frames = wire.toClient.splice(0, this.random() < 0.6 ? 1 : 4);
      if (this.mishap(0.04)) return;
      peer.say(...frames);
      // No connection does this. It must be harmless, except for an error that says nothing but that there was one more
      // unreadable text.
      if (this.mishap(0.04)) peer.say(...frames.filter((frame) => frame !== NOT_JSON));
    }
  }

  hear(wire: Wire, text: string): void {
    if (text === "ping") return void wire.toClient.push("pong");
    // Nothing of a text that the room cannot read counts, and it cannot say which frame it was.
    if (text.includes(UNREADABLE)) return void wire.toClient.push(NOT_JSON);
    for (const frame of [JSON.parse(text)].flat() as ClientFrame<Body, unknown>[]) {
      if (frame.id !== undefined && this.mishap(0.05)) {
        wire.toClient.push(fault(frame.id, "slow_down", 100 + this.below(2_000)));
        continue;
      }
      const { answer, news } = this.room.hear(wire.peer, frame);
      if (answer) wire.toClient.push(answer);
      if (news) for (const other of this.wires) if (this.room.peers.includes(other.peer)) other.toClient.push(news);
    }
  }

  /** Ends a connection. Its client gets an event, or finds out later. */
  cut(wire: Wire): void {
    this.wires.splice(this.wires.indexOf(wire), 1);
    this.room.forget(wire.peer);
    if (this.reliable || this.random() < 0.7) wire.peer.end(this.pick([1000, 1006, 1011, 4000]) ?? 1006);
  }
}

/** A tab of a browser, with the visit of its page. */
class Tab {
  readonly world: World;
  readonly home: ReturnType<typeof browser>;
  session = storage();
  memory!: ReturnType<ReturnType<typeof browser>["tab"]>;
  room!: Room<Types>;

  constructor(world: World, home: ReturnType<typeof browser>) {
    this.world = world;
    this.home = home;
    this.load();
  }

  load(): void {
    const { world } = this;
    const { WebSocket } = network((peer) => world.wires.push({ peer, toClient: [] }));
    this.memory = this.home.tab(this.session);
    this.room = new Room({ host: "host", party: "chat", room: "lobby", memory: this.memory, WebSocket });
    this.room.connect();
  }

  /** The page is gone in an instant: nothing of it runs any more. */
  vanish(): void {
    this.memory.gone();
    this.room.close();
  }

  /** One thing of all that people may do. */
  act(): void {
    const { world, room } = this;
    const { items } = room.log.value;
    const seq = world.pick(items.filter((item) => item.seq !== undefined && item.body))?.seq;
    const what = world.random();
    if (what < 0.5) this.write(`text ${world.written.length}`);
    else if (what < 0.53) this.written(room.command({ count: world.written.length }));
    else if (what < 0.55) void room.send({ content: UNREADABLE });
    else if (what < 0.57) room.setPresence({ name: world.random() < 0.8 ? "Ada" : UNREADABLE });
    else if (what < 0.59) room.signal("typing", world.random() < 0.8 ? null : UNREADABLE);
    else if (what < 0.75 && seq !== undefined) room.edit(seq, { content: `edit ${world.below(1_000)}` });
    else if (what < 0.85 && seq !== undefined) room.delete(seq);
    else if (what < 0.9) void room.loadOlder();
    else if (what < 0.95) {
      this.vanish();
      this.load();
    } else if (what < 0.97) {
      // The tab is closed, and another one is opened.
      this.vanish();
      this.session = storage();
      this.load();
    } else room.connect();
  }

  write(content: string): void {
    this.written(this.room.send({ content }));
  }

  written({ id, done }: Sent<{ seq?: number }>): void {
    this.world.written.push(id);
    void done.then(({ seq }) => this.world.acknowledged.set(id, seq ?? 0));
  }
}

/** Lets things happen until nothing more does. */
async function settle(world: World): Promise<void> {
  world.reliable = true;
  for (let round = 0; round < 400; round++) {
    for (const { room } of world.tabs) {
      for (const { error, frame } of room.outbox.value) {
        if (error) room.discard(frame.id);
        if (error?.code === "not_json") assert.match(JSON.stringify(frame), /unreadable/);
      }
    }
    for (const wire of [...world.wires]) for (let moves = 0; moves < 8; moves++) if (world.wires.includes(wire)) world.move(wire);
    await pass(round % 4 ? 50 : 1_000);
    const calm = world.tabs.every(({ room }) => room.state.value.status === "connected" && !room.outbox.value.length);
    // A client whose connection was cut silently takes itself for connected until it has asked in vain.
    const heard = world.wires.length === world.tabs.length;
    if (calm && heard && world.wires.every(({ peer, toClient }) => !toClient.length && !peer.texts.length)) return;
  }
  assert.fail("it does not settle");
}

async function story(seed: number): Promise<void> {
  const world = new World(chance(seed));
  mock.method(Math, "random", world.random);
  const [home, elsewhere] = [browser(), browser()];
  // Two tabs of one browser, and somebody else.
  for (const place of [home, home, elsewhere]) world.tabs.push(new Tab(world, place));
  for (let step = 0; step < STEPS; step++) {
    if (world.random() < 0.3) world.pick(world.tabs)?.act();
    const wire = world.pick(world.wires);
    if (wire) world.move(wire);
    await pass(world.random() < 0.1 ? 4_000 : world.below(60));
  }
  await settle(world);
  // Whoever has missed the last entry does not know yet: the next one tells.
  world.tabs[0]?.write("the end");
  await settle(world);
  await settle(world);
  for (const { room } of world.tabs) {
    while (room.log.value.older) {
      void room.loadOlder();
      while (room.log.value.loading) await settle(world);
    }
  }
  check(world);
  for (const { room } of world.tabs) room.close();
}

function check({ tabs, room, written, acknowledged }: World): void {
  const items = room.items();
  for (const tab of tabs) {
    assert.deepEqual(tab.room.log.value.items, items);
    assert.deepEqual(tab.room.outbox.value, []);
  }
  for (const [id, seq] of acknowledged) assert.equal(room.log[seq - 1]?.id, id);
  for (const id of written) assert.equal(items.filter((item) => item.id === id).length, 1);
  for (const { home } of tabs) assert.deepEqual([...home.local.values.keys()].filter((key) => key.includes("outbox")), []);
}

test(`${SEEDS} stories of sends, edits, deletions, commands, unreadable texts, lost frames, reloads and tabs end with one log for all`, async (context) => {
  stopClock(context);
  for (let seed = 1; seed <= SEEDS; seed++) {
    await story(seed).catch((cause: Error) => {
      throw new Error(`seed ${seed}: ${cause.message}`, { cause });
    });
  }
});
