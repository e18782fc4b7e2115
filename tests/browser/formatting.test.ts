// Formatted messages on the page: what one sees, copies and edits.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();
const { room } = app;

const copied = ({ page }: Visitor) => page.evaluate(() => navigator.clipboard.readText());

const CODE = `const line = "${"long ".repeat(60)}";\n\n  if (a < b && c_d_e) return *p;`;
const ALL = [
  "**bold**, *italic*, ~~gone~~ and `code_with_names`",
  "> quoted\n> twice\n- one\n- two\n\n3. three\n4. four",
  `see\n\`\`\`js\n${CODE}\n\`\`\`\nthere`,
  "https://example.com/a/rather/long/path/that/goes/on/and/on?with=a&query=too and https://example.org/",
  "🎉👍🏽",
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    test(`formatted messages have no fault of accessibility, and nothing sticks out (${viewport.width}, ${colorScheme})`, async () => {
      const ada = await Visitor.at(app.browser, room(), { viewport, colorScheme, bypassCSP: true });
      for (const text of ALL) await ada.say(text);
      await ada.page.waitForFunction((count) => document.querySelectorAll("article[data-state=sent]").length === count, ALL.length);
      for (const element of ["strong", "em", "s", "code", "blockquote", "ul > li", "ol > li", "pre", ".emoji", "a"]) {
        assert.ok((await ada.page.locator(`.bubble ${element}`).count()) > 0, element);
      }
      assert.deepEqual(await faultsOf(ada.page), []);
      const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels`);
      assert.deepEqual(ada.faults, []);
      await ada.leave();
    });
  }
}

test("a block of code scrolls by the keyboard, and its button copies it", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.say(ALL[2] ?? "");
  const block = (await ada.sees("there")).locator("pre");
  assert.ok(await block.evaluate((pre) => pre.scrollWidth > pre.clientWidth));
  await block.focus();
  await ada.page.keyboard.press("ArrowRight");
  await ada.page.waitForFunction(() => (document.querySelector("pre")?.scrollLeft ?? 0) > 0);
  const button = ada.page.getByRole("button", { name: "Copy code" });
  await button.press("Enter");
  await ada.page.getByRole("status").getByText("Copied").waitFor();
  assert.equal(await copied(ada), CODE);
  await ada.leave();
});

test("a link shows its host and a short path, has the whole address in its title, and is copied as a whole", async () => {
  const ada = await Visitor.at(app.browser, room());
  const address = "https://example.com/a/rather/long/path/that/goes/on/and/on?with=a&query=too";
  await ada.say(`see ${address} there`);
  const article = await ada.sees("there");
  const link = article.locator("a");
  assert.equal(await link.getAttribute("href"), address);
  assert.equal(await link.getAttribute("title"), address);
  const width = (selector: string) => link.locator(selector).first().evaluate((part) => part.getBoundingClientRect().width);
  assert.equal(await width(".unseen"), 0);
  assert.ok((await link.evaluate((link) => link.getBoundingClientRect().width)) < 400);
  await article.locator(".bubble").evaluate((bubble) => getSelection()?.selectAllChildren(bubble));
  await ada.page.keyboard.press("Control+C");
  assert.equal(await copied(ada), `see ${address} there`);
  await ada.leave();
});

test("the menu copies and edits what was written; a selection is copied as one sees it", async () => {
  const address = room();
  const ada = await Visitor.at(app.browser, address);
  const bob = await Visitor.at(app.browser, address);
  await ada.say("a **bold** `word`");
  const article = await bob.sees("a bold word");
  assert.deepEqual(await bob.texts(), ["a bold word"]);
  await article.locator(".bubble").evaluate((bubble) => getSelection()?.selectAllChildren(bubble));
  await bob.page.keyboard.press("Control+C");
  assert.equal(await copied(bob), "a bold word");
  await ada.choose("a bold word", "Copy text");
  await ada.page.waitForFunction(async () => (await navigator.clipboard.readText()) === "a **bold** `word`");
  await ada.choose("a bold word", "Edit message");
  assert.equal(await ada.input.inputValue(), "a **bold** `word`");
  await ada.input.fill("a *leaning* word");
  await ada.input.press("Enter");
  await bob.sees("a leaning word");
  await bob.page.locator("em", { hasText: "leaning" }).waitFor();
  await Promise.all([ada.leave(), bob.leave()]);
});

test("a message of plain prose has no element", async () => {
  const ada = await Visitor.at(app.browser, room());
  const text = "snake_case_names, 2 * 3 * 4\n\n  and <b>no</b> HTML (c) - really";
  await ada.say(text);
  const bubble = (await ada.sees("really")).locator(".bubble");
  await ada.page.getByRole("button", { name: /here$/ }).waitFor();
  assert.equal(await bubble.locator("*").count(), 0);
  assert.deepEqual(await ada.texts(), [text]);
  await ada.leave();
});
