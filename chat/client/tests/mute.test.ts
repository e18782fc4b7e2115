// How long a mute holds.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { source, type Me } from "party-client";
import { followMute } from "../mute.ts";

const MINUTES = 60_000;
const HOUR = 60 * MINUTES;

/** A room whose clock is the right one, on a device whose clock is an hour slow. */
function muted(context: TestContext, mutedFor?: number) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 10 * HOUR });
  const now = () => Date.now() + HOUR;
  const me = (mutedFor?: number): Me => ({ member: "me", role: "member", ...(mutedFor === undefined ? {} : { mutedUntil: now() + mutedFor }) });
  const you = source<Me | undefined>(me(mutedFor));
  const [until, stop] = followMute({ you, now });
  context.after(stop);
  return { until, stop, now, be: (mutedFor?: number) => (you.value = me(mutedFor)), pass: (time: number) => context.mock.timers.tick(time) };
}

test("a mute of ten minutes ends after ten minutes, on a device whose clock is an hour slow", (context) => {
  const { until, now, pass } = muted(context, 10 * MINUTES);
  assert.equal(until.value, now() + 10 * MINUTES);
  pass(10 * MINUTES - 1);
  assert.notEqual(until.value, undefined);
  pass(1);
  assert.equal(until.value, undefined);
});

test("a mute can be made longer, and taken back", (context) => {
  const { until, be, pass } = muted(context, MINUTES);
  be(2 * MINUTES);
  pass(MINUTES);
  assert.notEqual(until.value, undefined);
  be();
  assert.equal(until.value, undefined);
});

test("a mute of two months does not end before, though no timer is that long", (context) => {
  const { until, pass } = muted(context, 60 * 24 * HOUR);
  for (let days = 0; days < 59; days++) pass(24 * HOUR);
  assert.notEqual(until.value, undefined);
  for (let days = 0; days < 2; days++) pass(24 * HOUR);
  assert.equal(until.value, undefined);
});

test("a mute without an end has none", (context) => {
  const { until } = muted(context, Number.MAX_SAFE_INTEGER);
  assert.equal(until.value, Infinity);
});

test("a member that is not muted has no mute, and neither has one that has not been welcomed", (context) => {
  assert.equal(muted(context).until.value, undefined);
  assert.equal(followMute({ you: source<Me | undefined>(undefined), now: () => 0 })[0].value, undefined);
});
