// One WebSocket at a time.
import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { socket } from "../src/socket.ts";
import { network, pass, type Peer } from "./fake-socket.ts";
import { stopClock } from "./visit.ts";

function opened(context: TestContext) {
  stopClock(context);
  const { peers, WebSocket } = network();
  const told: string[] = [];
  const line = socket({
    WebSocket,
    patience: 1_000,
    opened: () => told.push("open"),
    received: (data) => told.push(data),
    gone: (code, reason) => told.push(`gone ${code} ${reason}`.trim()),
  });
  line.open("wss://host/", ["party"]);
  return { line, peers, told, peer: peers[0] as Peer };
}

test("a connection opens, carries texts, and ends once with its code", (context) => {
  const { line, peer, told } = opened(context);
  line.send("too early");
  peer.open();
  peer.sayText("hello");
  line.send("there");
  peer.end(4403, "out");
  peer.end(4403, "out");
  line.send("too late");
  assert.deepEqual(told, ["open", "hello", "gone 4403 out"]);
  assert.deepEqual(peer.texts, ["there"]);
});

test("a connection that fails is gone once, though it says so twice", (context) => {
  const { peer, told } = opened(context);
  peer.fail();
  assert.deepEqual(told, ["gone 1006"]);
});

test("a connection that does not open in time is given up", async (context) => {
  const { peer, told } = opened(context);
  await pass(999);
  assert.deepEqual(told, []);
  await pass(1);
  assert.deepEqual(told, ["gone 1006"]);
  assert.equal(peer.closedWith, 1000);
});

test("an open connection may be quiet for longer than it may take to open", async (context) => {
  const { peer, told } = opened(context);
  peer.open();
  await pass(5_000);
  assert.deepEqual(told, ["open"]);
});

test("events of a connection that was left are ignored", (context) => {
  const { line, peers, peer, told } = opened(context);
  line.leave();
  assert.equal(peer.closedWith, 1000);
  line.open("wss://host/", ["party"]);
  peer.open();
  peer.sayText("late");
  peer.fail();
  assert.deepEqual(told, []);
  peers[1]?.open();
  assert.deepEqual(told, ["open"]);
});

test("an error of the WebSocket class reaches the caller", (context) => {
  stopClock(context);
  class Broken {
    constructor() {
      throw new Error("no such protocol");
    }
  }
  const ignore = () => {};
  const line = socket({ WebSocket: Broken, patience: 1_000, opened: ignore, received: ignore, gone: () => assert.fail("it was never there") });
  assert.throws(() => line.open("wss://host/", []), /no such protocol/);
  mock.timers.tick(2_000);
});
