// Texts of people can have characters that change the direction of the text around them: no link and no word of ours
// may be turned.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Locator } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();

/** Returns the letters of an element's text as they stand on the screen, from left to right. */
function seen(element: Locator): Promise<string> {
  return element.evaluate((element) => {
    const places: [left: number, letter: string][] = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const [index, letter] of [...(node.textContent ?? "")].entries()) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const { left, width } = range.getBoundingClientRect();
        if (width > 0) places.push([left, letter]);
      }
    }
    return places.sort(([one], [other]) => one - other).map(([, letter]) => letter).join("");
  });
}

test("an address in a message is read from left to right, whatever stands before it, and is the one that it leads to", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  for (const [index, turn] of ["\u202e", "\u202e\u2067", "\u2069\u202e", "\u05d0\u05d1 ", "\u2067"].entries()) {
    const place = `evil.example/${index}/elpmaxe.knab//:sptth`;
    const address = `https://${place}`;
    await ada.say(`${turn}see ${address} or not`);
    const link = (await ada.sees(`/${index}/`)).locator("a");
    await link.waitFor();
    assert.equal(await link.getAttribute("href"), address);
    assert.equal(await seen(link), place);
  }
  await ada.leave();
});

test("a host that is not written as a browser reads it is shown as the browser reads it", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  await ada.say("see https://b\u0430nk.example/login");
  const link = (await ada.sees("login")).locator("a");
  assert.equal(await link.innerText(), await link.getAttribute("href"));
  await ada.leave();
});

test("a name among words of ours stays where it is", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  await ada.rename("\u05d0\u05d1 (1)");
  const bob = await Visitor.as("Bob", app.browser, ada.page.url());
  await ada.input.pressSequentially("so");
  const typing = bob.page.locator(".typing");
  await typing.getByText("is typing").waitFor();
  assert.match(await seen(typing), / is typing…$/);
  assert.match(await seen(typing), /^[^a-z]+ /);
  await Promise.all([ada.leave(), bob.leave()]);
});
