// The other members and their ephemeral events, and when our own events are sent again, without a room.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { said } from "../src/ephemeral.ts";
import { others } from "../src/others.ts";
import { stopClock } from "./visit.ts";

const typing = (from: string, ttl: number) => ({ from, kind: "typing", data: null, ttl });

test("at first nobody is known, and no event", () => {
  const all = others();
  assert.deepEqual(all.presence.value, { count: 0 });
  assert.deepEqual(all.signals.value, []);
});

test("without events no timer runs", (context) => {
  stopClock(context);
  const set = mock.method(globalThis, "setTimeout");
  const all = others();
  all.roster({ count: 1, members: [{ member: "a", data: null }] }, true);
  all.event(typing("a", 0));
  assert.equal(set.mock.callCount(), 0);
  all.event(typing("a", 10));
  mock.timers.tick(10);
  assert.deepEqual(all.signals.value, []);
  assert.equal(set.mock.callCount(), 1);
});

test("events do not end by themselves after the end of the visit", (context) => {
  stopClock(context);
  const all = others();
  all.event(typing("a", 10));
  all.stop();
  mock.timers.tick(100);
  assert.equal(all.signals.value.length, 1);
});

test("a whole roster replaces the known members, and any other one is added to them", () => {
  const all = others();
  const names = () => [...(all.presence.value.members?.keys() ?? [])].join(" ");
  all.roster({ count: 1, members: [{ member: "a", data: null }] }, true);
  all.roster({ count: 2, join: [{ member: "b", data: null }] });
  assert.equal(names(), "a b");
  all.roster({ count: 1, join: [{ member: "c", data: null }] }, true);
  assert.deepEqual(all.presence.value, { count: 1 });
});

test("the same event is news again after its time, when its data changes, and after everything was forgotten", (context) => {
  stopClock(context);
  const ours = said(2_000);
  assert.equal(ours.isNews("typing", 1), true);
  mock.timers.tick(1_999);
  assert.equal(ours.isNews("typing", 1), false);
  mock.timers.tick(1);
  assert.equal(ours.isNews("typing", 1), true);
  assert.equal(ours.isNews("typing", 2), true);
  assert.equal(ours.isNews("typing", 2), false);
  ours.clear();
  assert.equal(ours.ends("typing"), false);
  assert.equal(ours.isNews("typing", 2), true);
  assert.equal(ours.ends("typing"), true);
  assert.equal(ours.isNews("typing", 2), true);
});
