// What the reader is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Me } from "party-client";
import { lineText } from "../line-text.ts";
import { mutedUntil, sentence } from "../notices.ts";
import { closing, silence } from "../reasons.ts";

const time = (at: number) => `at ${at}`;
const muted = (mutedUntil?: number): Me => ({ member: "me", role: "member", ...(mutedUntil === undefined ? {} : { mutedUntil }) });

test("what the room says becomes a sentence", () => {
  assert.equal(sentence("the message is empty"), "The message is empty.");
  assert.equal(sentence("Is it?"), "Is it?");
});

test("a line that is up, or not yet, is nothing to tell", () => {
  for (const status of ["connected", "connecting"] as const) assert.equal(lineText({ status }, undefined), undefined);
});

test("why we do not get in is told, also the first time", () => {
  assert.match(lineText({ status: "connecting" }, "room_full") ?? "", /^The room is full/);
  assert.match(lineText({ status: "reconnecting" }, "slow_down") ?? "", /^That was too much/);
  assert.match(lineText({ status: "reconnecting" }, undefined) ?? "", /^The connection is gone/);
  assert.match(lineText({ status: "offline" }, "room_full") ?? "", /^You are offline/);
});

test("every way to be closed for good has words, and something to do", () => {
  for (const code of [1000, 4400, 4401, 4403, 4409, 4499]) {
    const { title, again } = closing(code, "");
    assert.ok(title && again, `${code}`);
  }
  assert.equal(closing(4499, "gone away").text, "Gone away.");
});

test("who is muted may write again when the time has come", () => {
  assert.equal(silence(muted(2000), 1000, time), "A moderator has muted you until at 2000. You can read along.");
  assert.equal(silence(muted(2000), 2000, time), undefined);
  assert.equal(silence(muted(), 1000, time), undefined);
  assert.equal(silence(undefined, 1000, time), undefined);
});

test("who is muted for good is told no time", () => {
  assert.equal(mutedUntil(muted(2 ** 53 - 1), 1000), Infinity);
  assert.equal(silence(muted(2 ** 53 - 1), 1000, time), "A moderator has muted you. You can read along.");
});

test("a reader is told so", () => {
  assert.match(silence({ member: "me", role: "reader" }, 1000, time) ?? "", /not write/);
});
