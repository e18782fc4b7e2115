// The device's clock may be wrong, and may be set while a room is open. Only the duration of things counts.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { timer } from "../src/timer.ts";
import { pass } from "./fake-socket.ts";
import { enter, stopClock } from "./visit.ts";

const HOUR = 3_600_000;

test("a clock that is set back after a close does not keep the client away", async (context) => {
  const visit = await enter(context);
  visit.peer.open();
  visit.peer.say({ type: "error", code: "room_full", message: "full", retryAfter: 30_000 });
  visit.peer.end(4503);
  visit.clock.setBack(HOUR);
  visit.room.connect();
  await pass(0);
  assert.equal(visit.peers.length, 2);
  visit.peer.open();
  visit.peer.say({ type: "error", code: "room_full", message: "full", retryAfter: 30_000 });
  visit.peer.end(4503);
  visit.clock.setBack(HOUR);
  await pass(29_000);
  assert.equal(visit.peers.length, 2);
  await pass(3_000);
  assert.equal(visit.peers.length, 3);
});

test("connect() connects at once, though the room has asked the client to stay away", async (context) => {
  const visit = await enter(context);
  visit.peer.end(4429);
  visit.room.connect();
  await pass(0);
  assert.equal(visit.peers.length, 2);
});

test("a clock that is set does not change how long messages wait, when events end or when they may be sent again", async (context) => {
  for (const set of [HOUR, -HOUR]) {
    await context.test(`by ${set}`, async (context) => {
      const visit = await enter(context);
      visit.welcome();
      visit.room.signal("typing");
      visit.peer.say({ type: "ephemeral", from: "them", kind: "typing", ttl: 5_000 });
      const { id } = visit.room.send({ content: "hello" });
      await visit.heard();
      visit.peer.say({ type: "error", code: "slow_down", message: "slowly", id, retryAfter: 1_500 });
      visit.clock.setBack(set);
      visit.peer.say({ type: "error", code: "slow_down", message: "slowly", id, retryAfter: 500 });
      await pass(1_400);
      visit.room.signal("typing");
      assert.deepEqual(visit.peer.heard(), []);
      assert.equal(visit.room.signals.value.length, 1);
      await pass(100);
      assert.deepEqual((await visit.asked()).map(({ type }) => type), ["append"]);
      await pass(600);
      visit.room.signal("typing");
      assert.deepEqual((await visit.asked()).map(({ type }) => type), ["ephemeral"]);
      await pass(3_000);
      assert.equal(visit.room.signals.value.length, 0);
    });
  }
});

test("a clock that is set during a connection does not change how long it has lasted", async (context) => {
  const visit = await enter(context);
  for (let failures = 0; failures < 4; failures++) {
    visit.peer.fail();
    await pass(16_000);
  }
  visit.welcome();
  visit.clock.setBack(HOUR);
  await pass(5_000);
  visit.peer.end(1006);
  const { length } = visit.peers;
  await pass(750);
  assert.equal(visit.peers.length, length + 1);
});

test("the room's time is known from the welcome on, and goes on whatever happens to the device's", async (context) => {
  const visit = await enter(context);
  visit.clock.setBack(HOUR);
  const device = Date.now();
  assert.equal(visit.room.now(), device);
  visit.welcome({ now: 5_000_000_000 });
  assert.equal(visit.room.now(), 5_000_000_000);
  await pass(1_000);
  visit.clock.setBack(-HOUR);
  assert.equal(visit.room.now(), 5_000_001_000);
});

test("a mute of ten minutes ends after ten minutes of the room's time, on a device whose clock is an hour slow", async (context) => {
  const visit = await enter(context);
  visit.clock.setBack(HOUR);
  visit.welcome({ now: 5_000_000_000, you: { member: "me", role: "member", mutedFor: 600_000 } });
  const until = visit.room.you.value?.mutedUntil ?? 0;
  assert.equal(until - visit.room.now(), 600_000);
  await pass(599_000);
  assert.ok(until > visit.room.now());
  await pass(1_000);
  assert.ok(until <= visit.room.now());
});

test("a timer longer than browsers have is as long as it was set", (context) => {
  stopClock(context);
  let runs = 0;
  const long = timer(() => runs++);
  long.set(3 * 2 ** 31);
  mock.timers.tick(2 ** 31);
  mock.timers.tick(2 ** 31);
  assert.equal(runs, 0);
  assert.equal(long.left, 2 ** 31);
  mock.timers.tick(2 ** 31);
  mock.timers.tick(10); // It has more than one part, and the clock of the test counts each from the end of a step.
  assert.equal(runs, 1);
});
