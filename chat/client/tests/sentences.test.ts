// The texts for the reader.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Me } from "party-client";
import { reasonOf, sentence } from "../notices.ts";
import { closing, connectionText, silence } from "../sentences.ts";

const time = (at: number) => `at ${at}`;
const member: Me = { member: "me", role: "member" };

test("an error text of the room becomes a sentence", () => {
  assert.equal(sentence("the message is empty"), "The message is empty.");
  assert.equal(sentence("Is it?"), "Is it?");
});

test("an error has a sentence by its code, and by what it is about", () => {
  const message = "a text of the room";
  assert.equal(reasonOf({ code: "too_large", message }), "The message is too long.");
  assert.equal(reasonOf({ code: "too_large", message }, "search"), "A search has at most 16 words.");
  assert.equal(reasonOf({ code: "too_large", message }, "reaction"), "A message has at most 16 different reactions.");
  assert.match(reasonOf({ code: "too_large", message }, "member") ?? "", /^Too many members /);
  assert.match(reasonOf({ code: "forbidden", message }, "member") ?? "", /founder of the room\.$/);
  assert.match(reasonOf({ code: "invalid", message }, "room") ?? "", /cannot be seen\.$/);
  assert.equal(reasonOf({ code: "muted", message }, "room"), "A moderator has muted you.");
  assert.equal(reasonOf({ code: "no_seat", message }), undefined);
});

test("a line that is up, or not yet, is nothing to tell", () => {
  for (const status of ["connected", "connecting"] as const) assert.equal(connectionText({ status }, undefined), undefined);
});

test("why we do not get in is told, also the first time", () => {
  assert.match(connectionText({ status: "connecting" }, "room_full") ?? "", /^The room is full/);
  assert.match(connectionText({ status: "reconnecting" }, "slow_down") ?? "", /^That was too much/);
  assert.match(connectionText({ status: "reconnecting" }, undefined) ?? "", /^The connection is lost/);
  assert.match(connectionText({ status: "offline" }, "room_full") ?? "", /^You are offline/);
});

test("every permanent close has words, and something to do", () => {
  for (const code of [1000, 4400, 4401, 4403, 4409, 4499]) {
    const { title, again } = closing(code, "");
    assert.ok(title && again, `${code}`);
  }
  const of = (reason: string) => closing(4403, reason);
  assert.equal(of("A moderator removed you").still, undefined);
  assert.match(of("A moderator banned you").text, /unless a moderator takes the ban back/);
  assert.match(of("A moderator banned somebody who came from your address").text, /same household or office/);
  assert.equal(of("No seat is left").reason, "No seat is left");
  assert.equal(closing(4499, "gone away").reason, "gone away");
});

test("a muted member is told until when, and a permanently muted one is not", () => {
  assert.equal(silence(member, false, 2000, time), "A moderator has muted you until at 2000. You can read along.");
  assert.equal(silence(member, false, Infinity, time), "A moderator has muted you. You can read along.");
  assert.equal(silence(member, undefined, undefined, time), undefined);
  assert.equal(silence(undefined, undefined, undefined, time), undefined);
});

test("a reader is told so", () => {
  assert.match(silence({ member: "me", role: "reader" }, false, undefined, time) ?? "", /not write/);
});
