// Fuzz targets of mentions: whatever is written and whoever is known, no letter is lost, and nothing takes long.
// `FUZZ_CASES` and `FUZZ_SEED` set how often, and which.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatted } from "../formatting.ts";
import { inline, type Inline } from "../inline.ts";
import { keyOf } from "../mention.ts";
import { insertionOf, matching, queryAt } from "../mention-query.ts";
import { LIMITS } from "../protocol.ts";
import { mentionsOfPeople } from "./mention-names.ts";
import { cpuTime } from "./cpu-time.ts";

const seed = process.env["FUZZ_SEED"];
const options = { numRuns: Number(process.env["FUZZ_CASES"] ?? 1000), ...(seed === undefined ? {} : { seed: Number(seed) }) };
const holds = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) => fc.assert(property, options);

const NAMES = ["Ada", "Ada Lovelace", "a", "小明", "(.*)", "*x*", "`y`", "🎉", "@", "İ", "ß", "_", "דנה", "a\u0301"];
const name = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...NAMES) }, fc.string({ unit: "binary", minLength: 1, maxLength: 6 }));
const people = fc.array(name, { maxLength: 8 });
const pieces = (marks: readonly string[]) =>
  fc.array(fc.oneof(name, name.map((one) => `@${one}`), fc.constantFrom(...marks), fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 30 }).map((all) => all.join(""));
const text = pieces(["@", "@@", " ", "\n", ".", "*", "**", "`", "~~", "> ", "https://a.example/@a"]);
const unmarked = pieces(["@", "@@", " ", ".", ","]).map((written) => written.replace(/[`*_~]|https?:/gi, ""));

function parts(of: readonly Inline[]): Exclude<Inline, { parts: Inline[] }>[] {
  return of.flatMap((part) => (typeof part !== "string" && "parts" in part ? parts(part.parts) : [part]));
}

test("fuzz: the parts of a text without marks are the text, and a mention is an at sign and a name", () => {
  holds(
    fc.property(unmarked, people, (written, known) => {
      const found = parts(inline(written, mentionsOfPeople(...known)));
      assert.equal(found.map((part) => (typeof part === "string" ? part : part.text)).join(""), written);
      const keys = [...known, "Me"].map(keyOf);
      for (const part of found) if (typeof part !== "string" && part.kind === "mention") assert.ok(keys.includes(keyOf(part.text.slice(1))), part.text);
    }),
  );
});

test("fuzz: mentions lie in their range and after each other, and a text can be formatted with them", () => {
  holds(
    fc.property(text, people, fc.nat(20), fc.nat(60), (written, known, from, length) => {
      const mentions = mentionsOfPeople(...known);
      const to = Math.min(from + length, written.length);
      let last = from;
      for (const one of mentions.find(written, Math.min(from, to), to)) {
        assert.ok(last <= one.from && one.from < one.to && one.to <= to);
        last = one.to;
      }
      formatted(written, mentions);
    }),
  );
});

test("fuzz: a name that is taken stands in the text once, with a space, and the rest stays", () => {
  holds(
    fc.property(text, fc.nat(60), name, (written, place, chosen) => {
      const caret = Math.min(place, written.length);
      const query = queryAt(written, caret);
      if (!query) return;
      assert.equal(written.slice(query.at, caret), `@${query.typed}`);
      matching([{ name: chosen, member: "m", count: 1 }], query.typed);
      const { from, to, text: inserted } = insertionOf(chosen, query, written);
      assert.ok(from === query.at && to >= caret && inserted === `@${chosen} `);
    }),
  );
});

test("the longest message that is made to take long is parsed in a moment, whoever is known", () => {
  const longest = Array.from({ length: LIMITS.userChars }, (_, n) => "a".repeat(n + 1));
  const spaced = Array.from({ length: LIMITS.userChars }, (_, n) => "a ".repeat(n).trim() + "b");
  const crowd = Array.from({ length: 1000 }, (_, n) => `Person ${n}`);
  const mentions = mentionsOfPeople(...longest, ...spaced, ...crowd, "_".repeat(60));
  for (const piece of ["@", "@a", "@a ", "@a a ", " @", "@_", "@Person 9", "@Person 1 ", "`@a", "*@a", "@\u0301", "小@a", "@小", "@a_"]) {
    const written = piece.repeat(LIMITS.contentBytes / piece.length);
    const took = () => cpuTime(() => formatted(written, mentions));
    const time = Math.min(took(), took());
    assert.ok(time < 300, `${JSON.stringify(piece)} takes ${time} ms`);
    const queries = cpuTime(() => {
      for (let n = 0; n < 50; n++) queryAt(written, written.length - n);
    });
    assert.ok(queries < 300, `a query in ${JSON.stringify(piece)} takes ${queries} ms`);
  }
});
