// The small pure modules: pauses, close codes, the roster, ephemeral events, observables.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { backoff } from "../src/backoff.ts";
import { isFinal, isLater } from "../src/close-codes.ts";
import { current, ofPresent, withEvent } from "../src/ephemeral.ts";
import { derived, emitter, source, together, waking } from "../src/observable.ts";
import { withRoster } from "../src/presence.ts";
import { TIMINGS } from "../src/timings.ts";
import { stopClock } from "./visit.ts";

test("pauses grow from a third of a second to a quarter of a minute, and are never the same for all", () => {
  const pauses = (random: number) => [0, 1, 2, 3, 4, 5, 50].map((failures) => backoff(failures, TIMINGS, () => random));
  assert.deepEqual(pauses(0), [300, 300, 300, 300, 300, 300, 300]);
  assert.deepEqual(pauses(1), [1_200, 2_400, 4_800, 9_600, 15_000, 15_000, 15_000]);
});

test("codes from 4400 to 4499 are final, but 4408 and 4429", () => {
  for (const code of [4400, 4401, 4403, 4409, 4499]) assert.equal(isFinal(code), true, `${code}`);
  for (const code of [1000, 1001, 1006, 1011, 1012, 1013, 4399, 4408, 4429, 4500, 4503]) assert.equal(isFinal(code), false, `${code}`);
});

test("codes that ask for patience are 4429, 4503 and 1013", () => {
  for (const code of [4429, 4503, 1013]) assert.equal(isLater(code), true, `${code}`);
  for (const code of [1006, 1012]) assert.equal(isLater(code), false, `${code}`);
  for (const code of [1006, 1011, 4403]) assert.equal(isLater(code), false, `${code}`);
});

const names = (presence: { members?: ReadonlyMap<string, unknown> }) => presence.members && [...presence.members.keys()].join(" ");
const member = (name: string, data = 1) => ({ member: name, data });

test("a roster is replaced, added to and taken from", () => {
  const all = withRoster({ count: 0 }, { count: 2, members: [member("a"), member("b")] });
  assert.equal(names(all), "a b");
  const next = withRoster(all, { count: 2, join: [member("c"), member("b", 2)], leave: ["a"] });
  assert.equal(names(next), "b c");
  assert.equal(next.members?.get("b")?.data, 2);
  assert.equal(names(all), "a b");
  assert.deepEqual(withRoster(all, { count: 1, leave: ["a"] }), withRoster({ count: 0 }, { count: 1, members: [member("b")] }));
});

test("in a large room only the count is known, and whoever joins makes no roster", () => {
  const large = withRoster(withRoster({ count: 0 }, { count: 1, members: [member("a")] }), { count: 900 });
  assert.deepEqual(large, { count: 900 });
  assert.deepEqual(withRoster(large, { count: 901, join: [member("b")] }), { count: 901 });
  assert.equal(names(withRoster(large, { count: 1, members: [member("c")] })), "c");
});

const moment = (from: string, kind: string, ttl: number) => ({ from, kind, data: null, ttl });

test("an ephemeral event replaces the one before it, and 0 ends it", () => {
  const one = withEvent(withEvent([], moment("a", "typing", 100), 0), moment("a", "typing", 100), 50);
  assert.deepEqual(one, [{ from: "a", kind: "typing", data: null, until: 150 }]);
  assert.equal(withEvent(one, moment("a", "looking", 5), 50).length, 2);
  assert.deepEqual(withEvent(one, moment("a", "typing", 0), 60), []);
});

test("ephemeral events expire, and go with who has left", () => {
  const two = withEvent(withEvent([], moment("a", "typing", 100), 0), moment("b", "typing", 200), 0);
  assert.deepEqual(current(two, 100).map(({ from }) => from), ["b"]);
  assert.equal(current(two, 99), two);
  assert.deepEqual(ofPresent(two, { count: 1, leave: ["a"] }).map(({ from }) => from), ["b"]);
  assert.deepEqual(ofPresent(two, { count: 1, members: [member("a")] }).map(({ from }) => from), ["a"]);
  assert.equal(ofPresent(two, { count: 900 }), two);
});

test("an observable tells its value at once and after each change, until that is stopped", () => {
  const one = source(1);
  const told: number[] = [];
  const stop = one.subscribe((value) => told.push(value));
  one.set(2);
  one.set(2);
  stop();
  one.set(3);
  assert.deepEqual(told, [1, 2]);
  assert.equal(one.value, 3);
});

test("values that change together notify once, when all have changed", () => {
  const [one, two] = [source(1), source(1)];
  const sum = derived([one, two], () => one.value + two.value);
  const told: number[] = [];
  sum.subscribe((value) => told.push(value));
  together(() => {
    one.set(5);
    two.set(6);
    together(() => one.set(7));
    assert.deepEqual(told, [2]);
  });
  assert.deepEqual(told, [2, 13]);
});

test("a value set by a listener notifies as well", () => {
  const [one, two] = [source(1), source(0)];
  one.subscribe((value) => two.set(10 * value));
  const told: number[] = [];
  two.subscribe((value) => told.push(value));
  one.set(2);
  assert.deepEqual(told, [10, 20]);
});

test("an event is emitted once each time, after all changes that belong to it, also where a listener changes more", () => {
  const [value, events] = [source(1), emitter<string>()];
  const double = derived([value], () => value.value * 2);
  const told: string[] = [];
  events.listen((event) => {
    told.push(`${event} ${double.value}`);
    value.set(value.value + 1);
  });
  together(() => {
    events.emit("one");
    value.set(5);
    events.emit("two");
  });
  assert.deepEqual(told, ["one 10", "two 12"]);
  events.emit("three");
  assert.deepEqual(told.at(-1), "three 14");
  assert.equal(told.length, 3);
});

test("a listener that throws keeps nobody else from being told, and its error is not lost", (context) => {
  stopClock(context);
  const one = source(1);
  const told: number[] = [];
  one.subscribe((value) => {
    if (value > 1) throw new Error("of the app");
  });
  one.subscribe((value) => told.push(value));
  one.set(2);
  assert.deepEqual(told, [1, 2]);
  assert.throws(() => mock.timers.tick(1), /of the app/);
});

test("a listener that was stopped receives no further event", () => {
  const events = emitter<string>();
  const [stopped, others]: [string[], string[]] = [[], []];
  const stop = events.listen((event) => stopped.push(event));
  events.listen((event) => others.push(event));
  events.emit("one");
  stop();
  events.emit("two");
  assert.deepEqual(stopped, ["one"]);
  assert.deepEqual(others, ["one", "two"]);
});

test("an observable that wakes something does so before its listener is called, and not when its value is read", () => {
  const inner = source(1);
  const calls: unknown[] = [];
  const outer = waking(inner, () => calls.push("woken"));
  assert.equal(outer.value, 1);
  assert.equal(calls.length, 0);
  const stop = outer.subscribe((value) => calls.push(value));
  inner.set(2);
  assert.equal(outer.value, 2);
  stop();
  inner.set(3);
  assert.deepEqual(calls, ["woken", 1, 2]);
});
