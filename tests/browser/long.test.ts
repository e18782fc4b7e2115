// A long conversation: only a part of what is loaded is on the page, and nobody notices.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { STEP } from "../../chat/client/drawing.ts";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { writeHistory } from "../support/long-history.ts";

const MESSAGES = 700;

let address: URL;
let founder: Visitor;

const app = serveApp(async (app) => {
  address = new URL(`/${randomUUID()}`, app.url);
  founder = await Visitor.at(app.browser, address);
  await founder.say("message 1");
  const id = (await (await founder.sees("message 1")).getAttribute("data-id")) ?? "";
  await app.stop();
  const rest = Array.from({ length: MESSAGES - 1 }, (_, n) => ({ user: "Bob", content: `message ${n + 2}`, at: Date.now() }));
  writeHistory(app.disk, id, rest);
  await app.start();
});

const articles = ({ page }: Visitor): Promise<number> => page.locator("article").count();

/** Goes back to the first message, as one who turns the wheel. */
async function readBack(visitor: Visitor): Promise<void> {
  await visitor.page.evaluate(async () => {
    const log = document.querySelector("[role=log]");
    while (log && !log.textContent?.includes("The beginning of this room")) {
      log.scrollTop = 0;
      await new Promise(requestAnimationFrame);
    }
  });
}

/** Has the browser look for a text on the page, as its own search does. */
function isFound({ page }: Visitor, text: string): Promise<boolean> {
  return page.evaluate((text) => {
    (document.activeElement as HTMLElement).blur();
    getSelection()?.collapse(document.querySelector("[role=log]"), 0);
    return (Reflect.get(globalThis, "find") as (text: string) => boolean)(text);
  }, text);
}

test("a reader who goes back reaches every message, in its order, and has few rows again at the end", async () => {
  const ada = await Visitor.at(app.browser, address);
  await ada.sees(`message ${MESSAGES}`);
  await readBack(ada);
  assert.equal(await articles(ada), MESSAGES);
  // The text that is seen is that of what is in view; all of it is on the page.
  const texts = await ada.page.locator("article .bubble").allTextContents();
  assert.deepEqual(texts, Array.from({ length: MESSAGES }, (_, n) => `message ${n + 1}`));
  assert.ok(await isFound(ada, "message 200"));

  await ada.say("at the end again");
  await ada.sees("at the end again");
  await ada.page.waitForFunction((most) => document.querySelectorAll("article").length <= most, STEP + 1);
  assert.equal(await ada.page.evaluate(() => {
    const log = document.querySelector("[role=log]");
    return log ? Math.round(log.scrollHeight - log.clientHeight - log.scrollTop) : undefined;
  }), 0);

  // What was drawn once is loaded, and comes back without the room.
  await ada.page.context().setOffline(true);
  await readBack(ada);
  assert.equal(await articles(ada), MESSAGES + 1);
  assert.deepEqual(ada.faults, []);
  await ada.leave();
});

test("an older row stays where it is while others are drawn above it", async () => {
  const ada = await Visitor.at(app.browser, address);
  await ada.sees(`message ${MESSAGES}`);
  await readBack(ada);
  await ada.say("back");
  await ada.sees("back");
  await ada.page.waitForFunction((most) => document.querySelectorAll("article").length <= most, STEP + 2);
  const moved = await ada.page.evaluate(async () => {
    const log = document.querySelector("[role=log]") as HTMLElement;
    const rows = () => document.querySelectorAll("article");
    const before = rows().length;
    log.scrollTop = 300;
    await new Promise(requestAnimationFrame);
    const seen = [...rows()].find((row) => row.getBoundingClientRect().top > log.getBoundingClientRect().top);
    const place = seen?.getBoundingClientRect().top ?? 0;
    while (rows().length === before) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return Math.abs((seen?.getBoundingClientRect().top ?? Infinity) - place);
  });
  assert.ok(moved <= 1, `${moved} pixels`);
  await ada.leave();
});

test("a message that is loaded and not drawn is led to, and everything that is loaded is printed", async () => {
  await founder.page.reload();
  await founder.sees(`message ${MESSAGES}`);
  await readBack(founder);
  const article = founder.page.locator("article", { hasText: /message 7$/ });
  await article.hover();
  await article.getByRole("button", { name: "Message actions" }).click();
  await founder.page.getByRole("menuitem", { name: "Pin message" }).click();
  const pin = founder.page.getByRole("region", { name: "Pinned messages" }).getByRole("button", { name: /message 7$/ }).first();
  await pin.waitFor();
  await founder.say("the last word");
  await founder.sees("the last word");
  await article.waitFor({ state: "detached" });
  await pin.click();
  await founder.page.locator("article.found", { hasText: /message 7$/ }).waitFor();

  await founder.say("the very last word");
  await founder.sees("the very last word");
  await article.waitFor({ state: "detached" });
  await founder.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.ok((await articles(founder)) > MESSAGES);
  await founder.leave();
});
