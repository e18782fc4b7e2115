// The texts of the roster and of typing members.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Presence, Signal } from "party-client";
import type { Profile } from "../protocol.ts";
import { rosterOf, typingText } from "../roster.ts";

const presence = (...names: string[]): Presence<Profile> => ({
  count: names.length,
  members: new Map(names.map((name) => [name.toLowerCase(), { member: name.toLowerCase(), data: { name, role: "member" } }])),
});
const typing = (from: string, kind = "typing"): Signal => ({ from, kind, until: 1 });
const room = presence("Bob", "Ada", "Cy", "Émile");

test("people stand by name, the reader first", () => {
  assert.deepEqual(rosterOf(room, "cy").map(({ name }) => name), ["Cy", "Ada", "Bob", "Émile"]);
  assert.deepEqual(rosterOf(room, undefined).map(({ name }) => name), ["Ada", "Bob", "Cy", "Émile"]);
});

test("a room that is too large has no list", () => {
  assert.deepEqual(rosterOf({ count: 234 }, "cy"), []);
});

test("one, two or several are typing", () => {
  assert.equal(typingText([], room, "cy"), "");
  assert.equal(typingText([typing("ada")], room, "cy"), "\u2068Ada\u2069 is typing…");
  assert.equal(typingText([typing("ada"), typing("bob")], room, "cy"), "\u2068Ada\u2069 and \u2068Bob\u2069 are typing…");
  assert.equal(typingText([typing("ada"), typing("bob"), typing("émile")], room, "cy"), "Several people are typing…");
});

test("the reader's own typing in another tab is not shown, and neither are other events", () => {
  assert.equal(typingText([typing("cy"), typing("ada", "waving")], room, "cy"), "");
});

test("a member that is not in the list is called somebody", () => {
  assert.equal(typingText([typing("dee")], room, "cy"), "\u2068Somebody\u2069 is typing…");
  assert.equal(typingText([typing("ada")], { count: 234 }, "cy"), "\u2068Somebody\u2069 is typing…");
});
