// The languages of the page: each has all texts, and the page offers all of them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { filesOf, languages, textsOf } from "./written-out.ts";

const ROOT = new URL("../../../", import.meta.url);

const all = languages();
const others = all.filter((language) => language !== "en");
const page = readFileSync(new URL("public/index.html", ROOT), "utf8");

/** The texts that are the same in another language as in English. */
const SAME: Record<string, string[]> = {
  de: [
    "conversation.reactionBy",
    "first.connection.offline",
    "first.messageBy",
    "room.name",
    "room.notificationBy",
    "room.tabTitle",
  ],
};

test("every language has the files of English, and in each the same texts", async () => {
  const english = [...(await textsOf("en")).keys()].sort();
  for (const language of others) {
    assert.deepEqual(filesOf(language), filesOf("en"), language);
    assert.deepEqual([...(await textsOf(language)).keys()].sort(), english, language);
  }
});

test("no text is left in English", async () => {
  const english = await textsOf("en");
  for (const language of others) {
    const texts = await textsOf(language);
    const left = [...texts.keys()].filter((name) => texts.get(name) === english.get(name));
    assert.deepEqual([...new Set(left.map((name) => name.replace(/ \d$/, "")))].sort(), SAME[language] ?? [], language);
  }
});

test("every text has the marks of printed texts, and no gap", async () => {
  for (const language of all) {
    for (const [name, text] of await textsOf(language)) {
      assert.doesNotMatch(text, /["']|\.\.\.|undefined|\[object|  /, `${language}: ${name}: ${text}`);
    }
  }
});

test("each file of texts says its language", async () => {
  for (const language of all) assert.equal((await textsOf(language)).get("room.language"), language);
});

test("the page offers all languages, and the bundler finds the texts of each", () => {
  const offered = /\[([^\]]+)\]\.includes/.exec(page)?.[1]?.match(/\w+/g);
  assert.deepEqual(offered, all);
  const { imports } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as { imports: object };
  const folder = (language: string) => `./chat/client/texts/${language}/*`;
  const conditions = [...others.map((language) => [language, folder(language)]), ["default", folder("en")]];
  assert.deepEqual(imports, { "#texts/*": Object.fromEntries(conditions) });
});

test("the policy of the page allows the script that chooses the language, and no other within the page", () => {
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script = ""]) => script);
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const headers = readFileSync(new URL("public/_headers", ROOT), "utf8");
  const allowed = /script-src 'self' ([^;]*);/.exec(headers)?.[1]?.split(" ");
  assert.deepEqual(allowed, hashes, `public/_headers must have the hash of the script in public/index.html: ${hashes.join(" ")}`);
});
