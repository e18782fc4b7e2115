// The beginning and the end of a visit: it begins only when it is needed.
import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { Room, type Memory } from "../src/index.ts";
import { browser, page, storage } from "./browser.ts";
import { network, pass } from "./fake-socket.ts";
import { stopClock, welcome, type Types } from "./visit.ts";

/** Makes a room, and watches everything that it could do to what is around it. */
function made(context: TestContext, memory: Memory = {}) {
  stopClock(context);
  const { peers, WebSocket } = network();
  const room = new Room<Types>({ host: "host", party: "chat", room: "lobby", memory, WebSocket, presence: { name: "Ada" } });
  context.after(() => room.close());
  return { room, peers };
}

test("a room that nobody uses does nothing: no connection, lock, storage, timer or listener", async (context) => {
  const touched: string[] = [];
  const watched = (name: string) => new Proxy({}, { get: (_, property) => touched.push(`${name}.${String(property)}`) });
  page(context);
  stopClock(context);
  mock.method(globalThis, "setTimeout", () => touched.push("setTimeout"));
  mock.method(globalThis as unknown as EventTarget, "addEventListener", () => touched.push("listener"));
  mock.method(globalThis.document, "addEventListener", () => touched.push("listener"));
  const memory = {
    get local() {
      return watched("local") as Storage;
    },
    get session() {
      return watched("session") as Storage;
    },
    get locks() {
      return watched("locks") as never;
    },
  };
  const { peers, WebSocket } = network();
  const room = new Room<Types>({ host: "host", room: "lobby", memory, WebSocket });
  void [room.state.value, room.log.value, room.outbox.value, room.you.value, room.now()];
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assert.deepEqual(touched, []);
  assert.equal(peers.length, 0);
});

const USES: Record<string, (room: Room<Types>) => unknown> = {
  connect: (room) => room.connect(),
  send: (room) => room.send({ content: "hello" }),
  edit: (room) => room.edit(1, { content: "hello" }),
  delete: (room) => room.delete(1),
  command: (room) => room.command("vote"),
  moderate: (room) => room.moderate("kick", "bob"),
  setPresence: (room) => room.setPresence({ name: "Ada" }),
  signal: (room) => room.signal("typing"),
  onEvent: (room) => room.onEvent(() => {}),
  onReset: (room) => room.onReset(() => {}),
  state: (room) => room.state.subscribe(() => {}),
  log: (room) => room.log.subscribe(() => {}),
  presence: (room) => room.presence.subscribe(() => {}),
  signals: (room) => room.signals.subscribe(() => {}),
  you: (room) => room.you.subscribe(() => {}),
  own: (room) => room.own.subscribe(() => {}),
  notice: (room) => room.notice.subscribe(() => {}),
  paused: (room) => room.paused.subscribe(() => {}),
  outbox: (room) => room.outbox.subscribe(() => {}),
};

for (const [name, use] of Object.entries(USES)) {
  test(`${name} connects a room, once, and does not reopen one that was closed`, async (context) => {
    const { room, peers } = made(context);
    use(room);
    use(room);
    await pass(0);
    assert.equal(peers.length, 1);
    room.close();
    if (name === "connect") return;
    use(room);
    await pass(0);
    assert.equal(peers.length, 1);
    assert.equal(room.state.value.status, "closed");
  });
}

test("a room that is closed before it was used stays closed until connect()", async (context) => {
  const { room, peers } = made(context);
  room.close();
  room.log.subscribe(() => {});
  const { id } = room.send({ content: "hello" });
  await pass(0);
  assert.equal(peers.length, 0);
  room.connect();
  await pass(0);
  peers[0]?.open();
  peers[0]?.say(welcome());
  await pass(5);
  assert.deepEqual(peers[0]?.heard().map((frame) => frame["id"]).includes(id), true);
});

test("of two instances of a page that renders twice, the one that nobody listens to opens nothing and takes nothing", async (context) => {
  stopClock(context);
  const { tab } = browser();
  const before = tab();
  const { peers, WebSocket } = network();
  const make = (memory: Memory) => new Room<Types>({ host: "host", party: "chat", room: "lobby", memory, WebSocket });
  const first = make(before);
  first.send({ content: "left behind" });
  await pass(0);
  before.gone();
  first.close();
  const memory = tab(before.session);
  const [used, unused] = [make(memory), make(memory)];
  used.log.subscribe(() => {});
  await pass(0);
  assert.equal(peers.length, 2);
  assert.equal(used.outbox.value.length, 1);
  assert.equal(unused.outbox.value.length, 0);
  used.close();
});

test("a message written while a room is closed is kept for the next visit, without locks too", async (context) => {
  const memory = { local: storage(), session: storage() };
  const { room } = made(context, memory);
  room.connect();
  room.close();
  room.send({ content: "late" });
  const { WebSocket } = network();
  const next = new Room<Types>({ host: "host", party: "chat", room: "lobby", memory, WebSocket });
  context.after(() => next.close());
  next.connect();
  assert.equal(next.outbox.value.length, 1);
});
