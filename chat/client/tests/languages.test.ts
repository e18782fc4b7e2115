// The languages of the page: each has all texts, and the page offers all of them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../../", import.meta.url);
const TEXTS = new URL("../texts/", import.meta.url);

/** A text, a text with arguments, or a group of texts. */
type Text = string | ((...given: unknown[]) => unknown) | { [name: string]: Text };

const languages = readdirSync(TEXTS, { withFileTypes: true }).filter((one) => one.isDirectory()).map(({ name }) => name).sort();
const others = languages.filter((language) => language !== "en");
const files = readdirSync(new URL("en/", TEXTS)).sort();
const page = readFileSync(new URL("public/index.html", ROOT), "utf8");

/** Texts that are the same in another language, by file and name. */
const SAME: Record<string, string[]> = {
  de: [
    "conversation.reactionBy", "first.connection.offline", "first.messageBy", "room.name", "room.notificationBy", "room.tabTitle",
  ],
};

/** Returns the texts of a language by file and name. Texts with arguments are written out with some. */
async function textsOf(language: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  const add = (name: string, text: Text) => {
    if (typeof text === "string") all.set(name, text);
    else if (typeof text === "object") Object.entries(text).forEach(([part, text]) => add(`${name}.${part}`, text));
    else for (const count of [1, 2]) all.set(`${name} ${count}`, String(text(...[count, "B", "C"].slice(0, text.length).map(asIn(name)))));
  };
  for (const file of files) add(file.replace(".ts", ""), (await import(new URL(`${language}/${file}`, TEXTS).href)) as Text);
  return all;
}

/** Some texts take the count as a text, and one takes the name of a key. */
function asIn(name: string): (value: unknown) => unknown {
  return (value) => (["conversation.newMessages", "conversation.mentionYou", "conversation.searchByKey"].includes(name) ? String(value) : value);
}

test("every language has the files of English, and in each the same texts", async () => {
  const english = [...(await textsOf("en")).keys()].sort();
  for (const language of others) {
    assert.deepEqual(readdirSync(new URL(`${language}/`, TEXTS)).sort(), files, language);
    assert.deepEqual([...(await textsOf(language)).keys()].sort(), english, language);
  }
});

test("no text is left in English", async () => {
  const english = await textsOf("en");
  for (const language of others) {
    const texts = await textsOf(language);
    const left = [...texts].filter(([name, text]) => text === english.get(name)).map(([name]) => name.replace(/ \d$/, ""));
    assert.deepEqual([...new Set(left)].sort(), SAME[language] ?? [], language);
  }
});

test("every text has the marks of printed texts, and no gap", async () => {
  for (const language of languages) {
    for (const [name, text] of await textsOf(language)) {
      assert.doesNotMatch(text, /["']|\.\.\.|undefined|\[object|  /, `${language}: ${name}: ${text}`);
    }
  }
});

test("each file of texts says its language", async () => {
  for (const language of languages) assert.equal((await textsOf(language)).get("room.language"), language);
});

test("the page offers all languages, and so does the package for those that read it", () => {
  const offered = /\[([^\]]+)\]\.includes/.exec(page)?.[1]?.match(/\w+/g);
  assert.deepEqual(offered, languages);
  const { imports } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as { imports: Record<string, Record<string, string>> };
  const conditions = imports["#texts/*"] ?? {};
  assert.deepEqual(Object.keys(conditions), [...others, "default"]);
  for (const language of others) assert.equal(conditions[language], `./chat/client/texts/${language}/*`);
  assert.equal(conditions["default"], "./chat/client/texts/en/*");
});

test("the policy of the page allows the script that chooses the language, and no other within the page", () => {
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script = ""]) => script);
  const hashes = scripts.map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const headers = readFileSync(new URL("public/_headers", ROOT), "utf8");
  const allowed = /script-src 'self' ([^;]*);/.exec(headers)?.[1]?.split(" ");
  assert.deepEqual(allowed, hashes, "the hash in public/_headers must be that of the script in public/index.html");
});
