// Times for people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sameDay } from "../same-day.ts";
import { clockOf } from "../time.ts";

process.env["TZ"] = "Europe/Berlin";
const clock = clockOf("en-GB");
const now = Date.UTC(2026, 10, 24, 12);

test("a time is the hour and the minute of the reader's zone", () => {
  assert.equal(clock.time(Date.UTC(2026, 10, 24, 13, 5)), "14:05");
});

test("today and yesterday are called so, other days by their name", () => {
  assert.equal(clock.day(now, now), "Today");
  assert.equal(clock.day(Date.UTC(2026, 10, 23, 12), now), "Yesterday");
  assert.equal(clock.day(Date.UTC(2026, 10, 20, 12), now), "Friday 20 November");
});

test("yesterday is the day before also where that had 23 hours, or today has 25", () => {
  assert.equal(clock.day(Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 2, 29, 22, 30)), "Yesterday");
  assert.equal(clock.day(Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 9, 25, 22, 30)), "Yesterday");
});

test("a day of another year says which", () => {
  assert.equal(clock.day(Date.UTC(2025, 11, 31, 12), now), "31 December 2025");
});

test("days change at midnight in the reader's zone", () => {
  assert.equal(sameDay(Date.UTC(2026, 10, 23, 22, 59), Date.UTC(2026, 10, 23, 23, 1)), false);
  assert.equal(sameDay(Date.UTC(2026, 10, 23, 23, 1), Date.UTC(2026, 10, 24, 22, 59)), true);
});

test("days are called in the reader's language", () => {
  assert.equal(clockOf("de").day(now, now), "Heute");
});
