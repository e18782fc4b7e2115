// What others say of themselves, and what the page makes of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { COLORS, nameOf, peopleOf, personOf } from "../people.ts";

test("the page's own member comes first, then the others by their names", () => {
  const states = new Map([
    [1, { user: { name: "Cy" } }],
    [2, { user: { name: "Bob", reads: true } }],
    [3, { user: { name: "Ada" } }],
  ]);
  const people = peopleOf({ clientID: 1, getStates: () => states });
  assert.deepEqual(people.map(({ name, isSelf, reads }) => [name, isSelf, reads]), [
    ["Cy", true, false],
    ["Ada", false, false],
    ["Bob", false, true],
  ]);
});

test("a name is one line of at most forty characters, whatever others send", () => {
  assert.equal(nameOf("  Ada\n\u202eLovelace "), "Ada Lovelace");
  assert.equal([...nameOf("😀".repeat(60))].length, 40);
  for (const none of [undefined, null, 7, {}, "", " \u0000 "]) assert.equal(nameOf(none), "Guest");
});

test("a colour that is not one of the page's is replaced by one of these", () => {
  assert.equal(personOf(3, { user: { color: COLORS[5] } }).color, 5);
  for (const color of ["red;position:fixed", "#000", 7, undefined]) assert.equal(personOf(9, { user: { color } }).color, 1);
  for (const user of [undefined, null, "Ada", 7]) assert.equal(personOf(2, { user }).name, "Guest");
});
