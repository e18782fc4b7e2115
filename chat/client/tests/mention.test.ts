// Mentions in texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mentionsOf } from "../mention.ts";
import { marked } from "./formatting-text.ts";
import { mentionsOfPeople, namesOf } from "./mention-names.ts";

const PEOPLE = mentionsOfPeople("Ada", "Ada Lovelace", "Bob", "C++ (.*)", "小明", "민수", "דנה", "🎉", "👍", "İpek", "a_b", "*Star*", "@home", "O'Neil");

/** Holds for pairs of a text and its formatting. */
const hold = (pairs: Record<string, string>) => {
  for (const [text, formatting] of Object.entries(pairs)) assert.equal(marked(text, PEOPLE), formatting, text);
};

/** Holds for texts without a mention. */
const plain = (...texts: string[]) => hold(Object.fromEntries(texts.map((text) => [text, text])));

test("an at sign and a known name are a mention, and the reader's own is marked", () => {
  hold({
    "@Ada": "<at>@Ada</at>",
    "hello @Bob, and @me!": "hello <at>@Bob</at>, and <me>@me</me>!",
    "(@Ada) @Ada: @Ada's @Ada.": "(<at>@Ada</at>) <at>@Ada</at>: <at>@Ada</at>'s <at>@Ada</at>.",
    "@Ada/@Bob\n@BOB": "<at>@Ada</at>/<at>@Bob</at>\n<at>@BOB</at>",
  });
});

test("the longest name is mentioned", () => {
  hold({ "@Ada Lovelace and @Ada Love": "<at>@Ada Lovelace</at> and <at>@Ada</at> Love", "@ada lovelaces": "<at>@ada</at> lovelaces" });
});

test("a name is no mention where a word begins before it or goes on after it", () => {
  plain("a@ada", "ada@bob.example", "7@Bob", "é@Bob", "@Adam", "@Ada7", "@Adaé", "@Ada\u0301", "@Ada_x", "@ada@bob.example", "@@Ada", "@@", "@", "@ Ada", "@nobody");
});

test("names have signs that patterns and marks are made of", () => {
  hold({
    "@C++ (.*)!": "<at>@C++ (.*)</at>!",
    "@a_b and _@a_": "<at>@a_b</at> and _@a_",
    "@*Star*, *@*Star* too*": "<at>@*Star*</at>, <em><at>@*Star*</at> too</em>",
    "@@home": "<at>@@home</at>",
    "@O'Neil": "<at>@O'Neil</at>",
  });
});

test("names can be in any script, and beside words in those that have no spaces", () => {
  hold({
    "你好@小明你好": "你好<at>@小明</at>你好",
    "@민수는": "<at>@민수</at>는",
    "@דנה!": "<at>@דנה</at>!",
    "@İPEK @İpek": "<at>@İPEK</at> <at>@İpek</at>",
    "你好@Ada你好": "你好<at>@Ada</at>你好",
  });
});

test("a name of an emoji is not a part of another emoji", () => {
  hold({ "@🎉🎉": "<at>@🎉</at>🎉", "@👍 @👍🏽": "<at>@👍</at> @👍🏽", "@🎉\u200d": "@🎉\u200d" });
});

test("mentions are found in formatted text, and not in code or in addresses", () => {
  hold({
    "**@Ada**, *hi @Bob*": "<strong><at>@Ada</at></strong>, <em>hi <at>@Bob</at></em>",
    "> @Ada\n\n- @Bob\n- @me": "<quote><at>@Ada</at></quote>|<list><*><at>@Bob</at><*><me>@me</me></list>",
    "`@Ada` @Ada": "<code>@Ada</code> <at>@Ada</at>",
    "```\n@Ada\n```": "<pre >@Ada</pre>",
    "https://a.example/@Ada @Ada": "<a>https://a.example/@Ada</a> <at>@Ada</at>",
    "https://ada@bob.example": "https://ada@bob.example",
    "<b>@Ada</b>": "<b><at>@Ada</at></b>",
  });
});

test("without known names nothing is a mention", () => {
  assert.equal(marked("@Ada"), "@Ada");
});

const of = (members: Record<string, string>, text: string) => mentionsOf(namesOf(members), { member: "me", name: "Grace" }).find(text);

test("a mention of a name that several people have belongs to none of them, unless the reader is one", () => {
  assert.deepEqual(of({ a: "Ada", b: "ada" }, "@Ada"), [{ from: 0, to: 4, member: undefined, me: false }]);
  assert.deepEqual(of({ a: "Ada" }, "@Ada"), [{ from: 0, to: 4, member: "a", me: false }]);
  assert.equal(of({ a: "Grace", me: "Grace" }, "@Grace")[0]?.me, true);
});

test("the reader's present name is theirs before anybody has it, and a former one while nobody else has it", () => {
  assert.deepEqual(of({}, "@grace"), [{ from: 0, to: 6, member: "me", me: true }]);
  assert.equal(of({ me: "Hopper" }, "@Hopper")[0]?.me, true);
  assert.equal(of({ me: "Hopper", a: "Hopper" }, "@Hopper")[0]?.me, false);
});

test("mentions are found between two places, by what stands around them", () => {
  const { find } = mentionsOfPeople("Ada");
  assert.deepEqual(find("x@Ada @Ada", 1).map(({ from, to }) => [from, to]), [[6, 10]]);
  assert.deepEqual(find("@Ada @Ada", 0, 4).map(({ from, to }) => [from, to]), [[0, 4]]);
  assert.deepEqual(find("@Adam", 0, 4), []);
});

test("members of one name are told apart by the order in which they became known", () => {
  const { placeOf } = mentionsOf(new Map([["maya", new Set(["m1", "m2"])]]), { member: "m3", name: "me" });
  assert.deepEqual([placeOf("Maya", "m1"), placeOf("maya", "m2"), placeOf("Maya", "m9"), placeOf("Bob", "m1")], [1, 2, 0, 0]);
});
