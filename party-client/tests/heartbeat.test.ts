// Pings by the clock, and the timer that all waiting goes through, without a connection.
import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { heartbeat } from "../src/heartbeat.ts";
import { timer } from "../src/timer.ts";
import { TIMINGS } from "../src/timings.ts";
import { stopClock } from "./visit.ts";

/** Makes a heartbeat that pings after 10 milliseconds, or 60 on a hidden page, and waits 100 for the answer. */
function beating(context: TestContext) {
  stopClock(context);
  const seen = { pings: 0, deaths: 0, isHidden: false };
  const timings = { ...TIMINGS, ping: 10, pingHidden: 60, pong: 100 };
  const pulse = heartbeat(() => seen.pings++, () => seen.deaths++, () => seen.isHidden, timings);
  return { seen, pulse };
}

test("a line on which nothing was received is asked once, and is dead without an answer", (context) => {
  const { seen, pulse } = beating(context);
  pulse.heard();
  mock.timers.tick(9);
  assert.equal(seen.pings, 0);
  mock.timers.tick(1);
  assert.equal(seen.pings, 1);
  mock.timers.tick(99);
  assert.deepEqual([seen.pings, seen.deaths], [1, 0]);
  mock.timers.tick(1);
  assert.deepEqual([seen.pings, seen.deaths], [1, 1]);
});

test("a line that was asked already is not asked again when its time has come", (context) => {
  const { seen, pulse } = beating(context);
  pulse.heard();
  mock.timers.tick(5);
  pulse.probe();
  mock.timers.tick(50);
  assert.equal(seen.pings, 1);
});

test("a second ping does not prolong the wait for an answer, and an answer ends it", (context) => {
  const { seen, pulse } = beating(context);
  pulse.probe();
  mock.timers.tick(60);
  pulse.probe();
  mock.timers.tick(40);
  assert.equal(seen.deaths, 1);
  pulse.probe();
  for (let turn = 0; turn < 20; turn++) {
    pulse.heard();
    mock.timers.tick(9);
  }
  assert.deepEqual([seen.pings, seen.deaths], [3, 1]);
});

test("a ping is due where nothing was sent, however much is received, and later on a hidden page", (context) => {
  const { seen, pulse } = beating(context);
  seen.isHidden = true;
  pulse.sent();
  for (let turn = 0; turn < 59; turn++) {
    mock.timers.tick(1);
    pulse.heard();
  }
  assert.equal(seen.pings, 0);
  mock.timers.tick(1);
  assert.equal(seen.pings, 1);
});

test("a heartbeat that was stopped sends no ping and finds no dead line", (context) => {
  const { seen, pulse } = beating(context);
  pulse.probe();
  pulse.heard();
  pulse.probe();
  pulse.sent();
  pulse.heard();
  pulse.probe();
  pulse.stop();
  const { pings } = seen;
  mock.timers.tick(1_000);
  assert.deepEqual([seen.pings, seen.deaths], [pings, 0]);
});

test("a timer that is set again runs once, at the later time", (context) => {
  stopClock(context);
  let runs = 0;
  const one = timer(() => runs++);
  assert.equal(one.left, 0);
  one.set(10);
  mock.timers.tick(5);
  assert.equal(one.left, 5);
  one.set(10);
  mock.timers.tick(9);
  assert.deepEqual([runs, one.left], [0, 1]);
  mock.timers.tick(1);
  assert.deepEqual([runs, one.left], [1, 0]);
  mock.timers.tick(100);
  assert.equal(runs, 1);
});

test("a timer that was stopped has no time left and does not run, and one without delay is still waited for", (context) => {
  stopClock(context);
  let runs = 0;
  const one = timer(() => runs++);
  one.set(10);
  one.stop();
  assert.equal(one.left, 0);
  mock.timers.tick(100);
  assert.equal(runs, 0);
  one.set(0);
  assert.equal(one.left, 1);
});

test("a timer that its own run sets again goes on", (context) => {
  stopClock(context);
  let runs = 0;
  const one = timer(() => {
    assert.equal(one.left, 0);
    if (++runs < 3) one.set(10);
  });
  one.set(10);
  for (let turn = 0; turn < 5; turn++) mock.timers.tick(10);
  assert.equal(runs, 3);
});

test("a timer never asks the browser for a wait that is longer than browsers can wait", (context) => {
  stopClock(context);
  const set = mock.method(globalThis, "setTimeout");
  const long = 2 ** 31 + 5;
  timer(() => {}).set(long);
  mock.timers.tick(2 ** 31 - 1);
  assert.deepEqual(set.mock.calls.map((call) => call.arguments[1]), [2 ** 31 - 1, 6]);
});
