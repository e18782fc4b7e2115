// Writing a mention.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Presence } from "party-client";
import { candidatesOf, insertionOf, matching, queryAt } from "../mention-query.ts";
import type { Profile } from "../protocol.ts";
import type { Message } from "../room-types.ts";
import { cpuTime } from "./cpu-time.ts";

const queryOf = (text: string) => queryAt(text, text.length);
const candidates = (...names: string[]) => names.map((name) => ({ name, member: `m-${name}`, count: 1 }));
const found = (typed: string, ...names: string[]) => matching(candidates(...names), typed).map(({ name }) => name);

test("a query begins at an at sign that begins a word, and ends at the caret", () => {
  assert.deepEqual(queryOf("@"), { at: 0, typed: "" });
  assert.deepEqual(queryOf("hello @Ada Lo"), { at: 6, typed: "Ada Lo" });
  assert.deepEqual(queryOf("(@a"), { at: 1, typed: "a" });
  assert.deepEqual(queryAt("@Ada", 2), { at: 0, typed: "A" });
  assert.deepEqual(queryOf("@Ada @B"), { at: 5, typed: "B" });
  assert.deepEqual(queryOf("@@home"), { at: 0, typed: "@home" });
  assert.deepEqual(queryOf("你好@小"), { at: 2, typed: "小" });
});

test("an address, a space, another line and what is far behind are not a query", () => {
  for (const text of ["", "ada", "a@b", "x@@a", "@ ", "@\n", "@Ada\nB", `@${"x".repeat(200)}`]) assert.equal(queryOf(text), undefined, text);
});

test("a long text before a query does not change it", () => {
  const before = "🎉 ".repeat(100);
  assert.deepEqual(queryOf(`${before}@a`), { at: before.length, typed: "a" });
  assert.equal(queryOf(`${"x".repeat(300)}@a`), undefined);
});

test("names are found by the beginning of any word, without case and accents, the first word first", () => {
  const names = ["Ada Lovelace", "Émile", "Jean-Luc", "Lou", "O'Neil", "小明"];
  assert.deepEqual(found("", ...names), names);
  assert.deepEqual(found("lo", ...names), ["Lou", "Ada Lovelace"]);
  assert.deepEqual(found("EMI", ...names), ["Émile"]);
  assert.deepEqual(found("ém", "Emil"), ["Emil"]);
  assert.deepEqual(found("luc", ...names), ["Jean-Luc"]);
  assert.deepEqual(found("neil", ...names), ["O'Neil"]);
  assert.deepEqual(found("小", ...names), ["小明"]);
  assert.deepEqual(found("ada lov", ...names), ["Ada Lovelace"]);
  assert.deepEqual(found("da", ...names), []);
  assert.deepEqual(found("(.", "C++ (.*)"), ["C++ (.*)"]);
});

test("a name that is typed as a whole with a space is no longer looked for", () => {
  assert.deepEqual(found("ada ", "Ada", "Ada Lovelace"), []);
  assert.deepEqual(found("ada", "Ada", "Ada Lovelace"), ["Ada", "Ada Lovelace"]);
});

const presenceOf = (names: Record<string, string>): Presence<Profile> => ({
  count: Object.keys(names).length,
  members: new Map(Object.entries(names).map(([member, name]) => [member, { member, data: { name, role: "member" } }])),
});
const said = (author: string, user: string): Message => ({ id: user, seq: 1, author, at: 1, body: { content: "", user, role: "user" } });

test("everyone else in the room can be mentioned, and those of one name are one choice", () => {
  const presence = presenceOf({ me: "Me", b: "Bob", a: "Ada", c: "bob" });
  const all = candidatesOf(presence, [said("x", "Gone")], "me");
  assert.deepEqual(all.map(({ name, count }) => [name, count]), [["Ada", 1], ["bob", 2]]);
});

test("in a room that is too large for a list, those who wrote can be mentioned, the last first", () => {
  const items = [said("a", "Ada"), said("b", "Bob"), said("me", "Me"), said("a", "Adele")];
  assert.deepEqual(candidatesOf({ count: 5000 }, items, "me").map(({ name }) => name), ["Adele", "Bob"]);
});

test("a thousand people are looked through in a moment", () => {
  const presence = presenceOf(Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`m${n}`, `Person Number ${n}`])));
  const time = cpuTime(() => {
    const all = candidatesOf(presence, [], "m0");
    for (const typed of ["", "p", "num", "number 99", "x"]) matching(all, typed);
  });
  assert.ok(time < 500, `${time} ms`);
});

test("a name takes the place of what is typed, of the rest of it, and of a space after it", () => {
  const insertion = (text: string, caret = text.length, name = "Ada Lovelace") => {
    const query = queryAt(text, caret);
    assert.ok(query);
    const { from, to, text: inserted } = insertionOf(name, query, text);
    return text.slice(0, from) + inserted + text.slice(to);
  };
  assert.equal(insertion("hi @a"), "hi @Ada Lovelace ");
  assert.equal(insertion("@a, hello", 2), "@Ada Lovelace , hello");
  assert.equal(insertion("@a hello", 2), "@Ada Lovelace hello");
  assert.equal(insertion("@Ada hello", 2, "Ada"), "@Ada hello");
  assert.equal(insertion("@aword", 2), "@Ada Lovelace word");
});
