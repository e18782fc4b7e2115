// Fuzz targets of the formatting: whatever somebody writes, nothing of it is lost, nothing is thrown, and nothing takes
// long. `FUZZ_CASES` and `FUZZ_SEED` set how often, and which.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { onlyEmoji } from "../emoji-only.ts";
import { formatted, type Block } from "../formatting.ts";
import { inline, type Inline } from "../inline.ts";
import { shortened } from "../links.ts";
import { LIMITS } from "../protocol.ts";
import { wordsOf } from "./formatting-text.ts";
import { cpuTime } from "./cpu-time.ts";

const seed = process.env["FUZZ_SEED"];
const options = { numRuns: Number(process.env["FUZZ_CASES"] ?? 1000), ...(seed === undefined ? {} : { seed: Number(seed) }) };
const holds = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) => fc.assert(property, options);

const PIECES = ["*", "**", "***", "_", "~~", "`", "``", "```", "```js\n", "\n", "\n\n", "> ", "- ", "* ", "1. ", "  ", "\t", "\\", " ", "a", "b c", "2", "\u00e9", "\u91cd", "🎉", ".", "(", ")"];
const piece = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: "binary", maxLength: 4 }));
const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
// Without what is nothing to see: an address that has some of it is shown as a browser reads it.
const withLinks = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom("https://a.example/", "https://a.example/b_c*d")), { maxLength: 40 }).map((pieces) => pieces.join(""));

const WORDS = /[\p{L}\p{N}\p{Extended_Pictographic}]/gu;
const words = (of: string) => (of.match(WORDS) ?? []).join("");

test("fuzz: no letter, digit or picture of a message is lost or doubled, or changes its place", () => {
  holds(fc.property(text, (written) => assert.equal(words(wordsOf(written)), words(written))));
  holds(fc.property(withLinks, (written) => assert.equal(words(wordsOf(written)), words(written))));
});

test("fuzz: a paragraph loses nothing but marks, and no more of them than are used", () => {
  holds(
    fc.property(text, (written) => {
      let marks = 0;
      const join = (parts: readonly Inline[]): string =>
        parts.map((part) => {
          if (typeof part === "string") return part;
          if ("parts" in part) return join(part.parts);
          marks++;
          return part.text;
        }).join("");
      const joined = join(inline(written));
      const rest = [...joined];
      for (const letter of written) if (rest[0] === letter) rest.shift();
      assert.deepEqual(rest, [], "what is shown is what was written, without some of it");
      if (marks === 0) assert.equal(joined.replace(/[*_~]/g, ""), written.replace(/[*_~]/g, ""));
    }),
  );
});

test("fuzz: the depth of what is shown is limited", () => {
  const inlineDepth = (parts: readonly Inline[]): number =>
    Math.max(0, ...parts.map((part) => (typeof part !== "string" && "parts" in part ? 1 + inlineDepth(part.parts) : 0)));
  const depth = (block: Block): number => {
    if (block.kind === "text") return inlineDepth(block.parts);
    if (block.kind === "quote") return 1 + Math.max(0, ...block.blocks.map(depth));
    if (block.kind === "list") return 1 + Math.max(0, ...block.items.flatMap(({ blocks }) => blocks.map(depth)));
    return 0;
  };
  holds(fc.property(text, (written) => formatted(written).every((block) => assert.ok(depth(block) <= 4 + 3) === undefined)));
});

test("fuzz: the parts of a shortened link are its text, and its host is shown", () => {
  const address = fc.oneof(fc.webUrl({ withFragments: true, withQueryParameters: true, validSchemes: ["http", "https"] }), text);
  holds(
    fc.property(address, (link) => {
      const { scheme, shown, rest } = shortened(link);
      assert.ok(link === scheme + shown + rest || link === `${scheme}${shown}/`);
      if (URL.canParse(link) && scheme) assert.ok(shown.startsWith(/^https?:\/\/([^/?#]*)/i.exec(link)?.[1] ?? "?"));
    }),
  );
});

/** Texts that are made to take long, of a piece that is repeated up to the limit. */
const HOSTILE = [
  "*a ", "a* ", "**a ", "*a **b ", "_a ", "~~a ", "*a_b", "a**b*c", "*", "_", "~", "`", "` ", "`a``b```", "\\", "\\*", "***a** b*",
  "> ", ">\n", "> \n", "- ", "- a\n", "- a\n  - b\n", "  - a\n", " - a\n  b\n", "1. ", "1. a\n", "```\n", "```\n\n", "```a\n````\n", "````\n```\n",
  "\n", " ", " \n", "\t", "a\n", "https://a.example/*_", "https://", "https://a.example/)", "(", "\u200d", "🎉\u200d", "🎉", "🇩", "#\ufe0f", "*🎉*", "\u00a0", "\r\n", "\r", ".*", "*.*", "*.", "_._",
];

/** Returns how long the formatting of a piece takes that is repeated, in milliseconds of the processor. */
function took(piece: string, bytes: number, end = ""): number {
  const written = piece.repeat(bytes / piece.length) + end;
  return cpuTime(() => formatted(written));
}

// What takes the time of every part with every part needs many seconds.
test("the longest message that is made to take long is formatted in a moment", () => {
  for (const piece of HOSTILE) {
    for (const end of ["", "`", "*", "\n- x"]) {
      const time = Math.min(took(piece, LIMITS.contentBytes, end), took(piece, LIMITS.contentBytes, end));
      assert.ok(time < 300, `${JSON.stringify(piece)} and ${JSON.stringify(end)} take ${time} ms`);
    }
  }
});

test("the time grows with the text, and not faster", () => {
  for (const piece of HOSTILE) {
    const time = took(piece, 16 * LIMITS.contentBytes);
    assert.ok(time < 3000, `${JSON.stringify(piece)} takes ${time} ms`);
  }
});

test("fuzz: emoji alone are found quickly", () => {
  const signs = fc.array(fc.constantFrom("🎉", "👍", "🏽", "\u200d", "\ufe0f", "❤", "🇩", "#", "\u20e3", "x"), { maxLength: 24 });
  holds(
    fc.property(signs, (all) => {
      const time = cpuTime(() => onlyEmoji(all.join("")));
      assert.ok(time < 100, `${time} ms`);
    }),
  );
});
