// The search, links to messages, and the conversation as a file, as people see them.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";
import { writeHistory, type Written } from "../support/long-history.ts";
import { allLeave, Member } from "../support/member.ts";

const DESKTOP: BrowserContextOptions = { bypassCSP: true };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true };

/** The messages in the long room, besides its first one: more than two searches take in, and than a jump loads. */
const LONG = 5_000;
const HOUR = 3_600_000;

const long = randomUUID();

const app = serveApp(async (app) => {
  const ada = new Member(app.url, long, "Ada");
  await ada.room.send({ content: "the very first words" }).done;
  const first = ada.room.log.value.items[0]?.id ?? "";
  allLeave();
  await app.stop();
  writeHistory(app.disk, first, Array.from({ length: LONG }, (_, n) => message(n)));
  await app.start();
});

after(allLeave);

/** Returns a message of the long room. */
function message(n: number): Written {
  return { user: "Grace", content: `${n % 1_000 === 0 ? "milestone" : "message"} ${n}`, at: Date.now() - (LONG - n) * HOUR };
}

function address(room: string = randomUUID()): URL {
  return new URL(`/${room}`, app.url);
}

async function leave(...visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) assert.deepEqual(visitor.faults, []);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

/** Says something in a room that is fresh, and returns its address. */
async function conversation(...texts: string[]): Promise<[URL, Member]> {
  const room = address();
  const grace = new Member(app.url, room.pathname.slice(1), "Grace");
  for (const content of texts) await grace.room.send({ content }).done;
  return [room, grace];
}

/** Opens the search by its key, and types. Returns what was found, once there is an answer. */
async function search({ page }: Visitor, text: string): Promise<string[]> {
  const field = page.getByRole("searchbox", { name: "Search messages" });
  if (!(await field.isVisible())) await page.keyboard.press("Control+k");
  await field.fill(text);
  const hits = page.locator(".hits[aria-busy=false]");
  await hits.waitFor({ state: "attached", timeout: 30_000 });
  return hits.locator(".hit-text").allInnerTexts();
}

/** Waits until the message is found: marked, focused, and in view. */
async function isFound({ page }: Visitor, text: string): Promise<void> {
  await page.locator("article.found", { hasText: text }).waitFor({ state: "attached", timeout: 30_000 });
  await page.waitForFunction((text) => {
    const focused = document.activeElement;
    const { top = -1, bottom = Infinity } = focused?.getBoundingClientRect() ?? {};
    return focused?.textContent?.includes(text) && top > 0 && bottom < innerHeight;
  }, text);
}

for (const [screen, options] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`everyone can use the search: no fault of accessibility is found (${screen}, ${colorScheme})`, async () => {
      const ada = await Visitor.at(app.browser, address(long), { ...options, colorScheme });
      const { page } = ada;
      const accessible = async () => assert.deepEqual(await faultsOf(page), []);
      await page.getByRole("button", { name: "Search messages" }).click();
      await page.getByRole("dialog", { name: "Search" }).waitFor();
      await accessible();
      assert.equal((await search(ada, "message")).length, 20);
      await accessible();
      assert.deepEqual(await search(ada, "milestone 0"), ["milestone 0"]);
      await page.getByRole("button", { name: /milestone 0/ }).click();
      await page.locator(".old[aria-current]").waitFor();
      await accessible();
      await page.getByRole("button", { name: "Close" }).click();
      await leave(ada);
    });
  }
}

test("a text that is typed is searched in all messages, and the words are marked", async () => {
  const [room, grace] = await conversation("Two Cafés and a bar", "cafe or bar?", "**Bars** and cafés", "<b>tea</b>");
  const ada = await Visitor.at(app.browser, room, DESKTOP);
  assert.deepEqual(await search(ada, "cafe ba"), ["Bars and cafés", "cafe or bar?", "Two Cafés and a bar"]);
  const marks = ada.page.locator(".hit").last().locator("mark");
  assert.deepEqual(await marks.allInnerTexts(), ["Café", "ba"]);
  await ada.page.getByText("3 messages found.").waitFor();
  assert.deepEqual(await search(ada, "tea"), ["<b>tea</b>"]);
  assert.deepEqual(await search(ada, "coffee"), []);
  await ada.page.getByText("No messages found.").waitFor();
  await grace.room.send({ content: "coffee" }).done;
  await grace.room.delete(4).done;
  assert.deepEqual(await search(ada, "tea"), []);
  assert.deepEqual(await search(ada, "coffee"), ["coffee"]);
  await leave(ada);
});

test("the search is used by the keyboard alone, and gives the focus back", async () => {
  const [room] = await conversation("milk", "tea", "more milk");
  const ada = await Visitor.at(app.browser, room, DESKTOP);
  const { page } = ada;
  await ada.sees("more milk");
  await page.getByRole("button", { name: "Search messages" }).waitFor();
  await ada.input.focus();
  assert.deepEqual(await search(ada, "milk"), ["more milk", "milk"]);
  const focused = () => page.evaluate(() => document.activeElement?.querySelector(".hit-text")?.textContent ?? document.activeElement?.tagName);
  for (const [key, expected] of [["ArrowDown", "more milk"], ["ArrowDown", "milk"], ["ArrowDown", "milk"], ["ArrowUp", "more milk"], ["ArrowUp", "INPUT"]]) {
    await page.keyboard.press(key ?? "");
    assert.equal(await focused(), expected);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await focused(), "TEXTAREA");
  await search(ada, "milk");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await isFound(ada, "milk");
  await search(ada, "tea");
  await page.keyboard.press("Enter");
  await isFound(ada, "tea");
  await ada.page.keyboard.type("/k");
  assert.equal(await ada.input.inputValue(), "/k");
  await leave(ada);
});

test("a long history is searched to its end, and what is too far back is shown with its neighbours", async () => {
  const ada = await Visitor.at(app.browser, address(long), DESKTOP);
  const { page } = ada;
  assert.deepEqual(await search(ada, "very first"), ["the very first words"]);
  assert.equal((await search(ada, "message")).length, 20);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".hits[aria-busy=false] .hit").length === 40);
  assert.equal((await search(ada, "milestone")).length, 5);
  await page.getByRole("button", { name: /milestone 0/ }).click();
  const neighbours = page.getByRole("list", { name: "Messages" }).getByRole("listitem");
  await neighbours.filter({ hasText: "milestone 0" }).waitFor();
  const shown = await neighbours.locator(".old-text").allInnerTexts();
  assert.deepEqual(shown.slice(0, 4), ["the very first words", "milestone 0", "message 1", "message 2"]);
  await page.getByRole("button", { name: "Back to the search" }).click();
  assert.equal(await page.locator(".hit").count(), 5);
  await page.getByRole("button", { name: /milestone 4000/ }).click();
  await isFound(ada, "milestone 4000");
  await leave(ada);
});

test("the search says that there is no connection, and goes on when it is back", async () => {
  const [room] = await conversation("milk");
  const ada = await Visitor.at(app.browser, room, DESKTOP);
  await ada.page.getByRole("button", { name: "Search messages" }).waitFor();
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  await ada.page.keyboard.press("Control+k");
  await ada.page.getByRole("searchbox").fill("milk");
  await ada.page.getByText("There is no connection. The search goes on when it is back.").waitFor();
  await ada.page.context().setOffline(false);
  await ada.page.locator(".hit", { hasText: "milk" }).waitFor();
  await ada.page.getByRole("searchbox").fill("one ".repeat(17));
  await ada.page.getByText("A search has at most 16 words.").waitFor();
  await leave(ada);
});

test("a link to a message leads to it, also from another page, and says when it is gone", async () => {
  const [room, grace] = await conversation(...Array.from({ length: 28 }, (_, n) => `message number ${n}`));
  const ada = await Visitor.at(app.browser, room, DESKTOP);
  await ada.choose("message number 27", "Copy link");
  const copied = await ada.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, `${room.origin}${room.pathname}#m=28`);
  const bob = await Visitor.at(app.browser, `${room.href}#m=2`, DESKTOP);
  await isFound(bob, "message number 1");
  await bob.page.waitForFunction(() => location.hash === "");
  await bob.page.evaluate(() => (location.hash = "#m=20"));
  await isFound(bob, "message number 19");
  await grace.room.delete(2).done;
  await bob.page.getByText("deleted this message").waitFor();
  for (const gone of ["#m=2", "#m=999"]) {
    await bob.page.evaluate((hash) => (location.hash = hash), gone);
    await bob.page.getByText("This message is not there any more.").waitFor();
    await bob.page.getByRole("button", { name: "Dismiss" }).click();
  }
  await leave(ada, bob);
});

test("a link to a message that is far back shows it with its neighbours", async () => {
  const ada = await Visitor.at(app.browser, `${address(long).href}#m=1`, PHONE);
  const dialog = ada.page.getByRole("dialog", { name: "A message and its neighbours" });
  await dialog.locator(".old[aria-current]", { hasText: "the very first words" }).waitFor();
  await ada.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await leave(ada);
});

test("a room is saved as text, with all of its messages as they are now", async () => {
  const ada = await Visitor.at(app.browser, address(long), DESKTOP);
  const saved = await save(ada);
  const lines = saved.split("\n").filter((line) => /^\d\d:\d\d /.test(line));
  assert.equal(lines.length, LONG + 1);
  assert.match(lines[0] ?? "", / Ada: the very first words$/);
  assert.match(lines.at(-1) ?? "", / Grace: message 4999$/);
  await ada.page.getByText(`Saved ${LONG + 1} messages.`).waitFor();
  await leave(ada);
});

/** Saves the room as text, and returns what is in the file. */
async function save({ page }: Visitor): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Room menu" }).click();
  await page.getByRole("button", { name: "Save as text" }).click();
  return readFileSync(await (await download).path(), "utf8");
}
