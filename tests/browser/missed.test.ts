// What a reader has missed: the line above it, the place where the page opens, the count in the title; and the days and
// times of messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { hide, Visitor } from "../support/browser.ts";
import { fill, Guest } from "../support/chat.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const app = serveApp();
const { room } = app;

const fillRoom = (address: URL, count: number, begin?: number) => fill(app.url, address.pathname.slice(1), count, begin);

/** Opens a room, sees its last message, and closes the page. Returns the browser profile, which knows that. */
async function readOnce(address: URL, last: string, options: BrowserContextOptions = DESKTOP) {
  const ada = await Visitor.at(app.browser, address, { bypassCSP: true, ...options });
  await ada.sees(last);
  await ada.page.close();
  return ada.page.context();
}

const lineOf = ({ page }: Visitor, count: string) => page.getByRole("separator", { name: `${count} new message` });

/** Waits until the title begins with a count, or with none. */
const titled = ({ page }: Visitor, count: string) =>
  page.waitForFunction((count) => (count ? document.title.startsWith(`(${count}) `) : !/^\(/.test(document.title)), count);

/** Returns how far the line is below the top of the conversation, in pixels. */
const depthOf = ({ log }: Visitor) =>
  log.evaluate((log) => (log.querySelector(".new")?.getBoundingClientRect().top ?? NaN) - log.getBoundingClientRect().top);

const toEnd = ({ log }: Visitor) => log.evaluate((log) => log.scrollTo({ top: log.scrollHeight, behavior: "instant" }));

/** Sends all times of a page's room through `change`, which is given the number of the message. */
async function retimed(page: Page, change: (at: number, number: number) => number): Promise<void> {
  type Timed = { at?: number; body?: { content: string }; entries?: Timed[] };
  const move = (one: Timed) => {
    if (one.at !== undefined && one.body) one.at = change(one.at, Number(one.body.content.split(" ").at(-1)));
    one.entries?.forEach(move);
  };
  await page.routeWebSocket(/\/parties\//, (socket) => {
    const room = socket.connectToServer();
    room.onMessage((text) => {
      if (typeof text !== "string" || !/^[[{]/.test(text)) return socket.send(text);
      const frames: Timed | Timed[] = JSON.parse(text);
      for (const frame of [frames].flat()) move(frame);
      socket.send(JSON.stringify(frames));
    });
  });
}

for (const [device, options] of [["phone", PHONE], ["desktop", DESKTOP]] as const) {
  test(`a page that is opened again begins where the new messages do, and the title counts them until they are seen (${device})`, async () => {
    const address = room();
    await fillRoom(address, 30);
    const context = await readOnce(address, "message number 29", options);
    await fillRoom(address, 40, 30);
    const ada = await Visitor.in(context, address);
    await lineOf(ada, "40").waitFor();
    const depth = await depthOf(ada);
    assert.ok(depth > 0 && depth < 150, `the line is ${depth} pixels below the top`);
    assert.deepEqual(await faultsOf(ada.page), []);
    assert.match(await ada.page.title(), /^\(\d+\)/);
    await ada.page.waitForFunction(() => document.querySelectorAll("article").length === 70);
    assert.ok(Math.abs((await depthOf(ada)) - depth) < 1, "the line has moved");
    await toEnd(ada);
    await titled(ada, "");
    await lineOf(ada, "40").waitFor();
    await ada.page.reload();
    await ada.page.locator("article", { hasText: "message number 69" }).waitFor();
    assert.equal(await ada.page.getByRole("separator", { name: "new" }).count(), 0);
    assert.deepEqual(ada.faults, []);
    await ada.leave();
  });
}

test("new messages that fit on the screen are under the line, and the page is at its end", async () => {
  const address = room();
  await fillRoom(address, 30);
  const context = await readOnce(address, "message number 29");
  await fillRoom(address, 2, 30);
  const ada = await Visitor.in(context, address);
  await lineOf(ada, "2").waitFor();
  assert.equal(await ada.page.getByRole("button", { name: /latest|new message/ }).count(), 0);
  await titled(ada, "");
  await ada.say("I am back");
  await lineOf(ada, "2").waitFor({ state: "detached" });
  await ada.leave();
});

test("a reader who comes back to the tab is led to what came meanwhile, and the title counts it until then", async () => {
  const address = room();
  await fillRoom(address, 30);
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("message number 29");
  await hide(ada.page, true);
  const eve = new Guest(app.url, address.pathname.slice(1));
  await eve.history();
  await eve.insist("just one");
  await titled(ada, "1");
  await hide(ada.page, false);
  await titled(ada, "");
  await lineOf(ada, "1").waitFor();
  await hide(ada.page, true);
  await lineOf(ada, "1").waitFor({ state: "detached" });
  for (let n = 0; n < 22; n++) await eve.insist(`meanwhile ${n}`);
  await titled(ada, "22");
  await hide(ada.page, false);
  await lineOf(ada, "22").waitFor();
  await ada.page.waitForFunction(() => /^\((?!22\))\d+\)/.test(document.title)); // What is in view is seen.
  const depth = await depthOf(ada);
  assert.ok(depth > 0 && depth < 150, `the line is ${depth} pixels below the top`);
  await ada.page.getByRole("button", { name: /new message/ }).click();
  await titled(ada, "");
  assert.ok((await ada.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop)) < 2);
  eve.leave();
  await ada.leave();
});

test("messages that one tab has read are read in the others, and an own message from another device is not new", async () => {
  const address = room();
  const ada = await Visitor.at(app.browser, address);
  await ada.say("hello");
  await ada.sees("hello");
  const other = await Visitor.in(ada.page.context(), address);
  await other.sees("hello");
  await hide(other.page, true);
  await hide(ada.page, true);
  await ada.say("from the other one");
  const eve = new Guest(app.url, address.pathname.slice(1));
  await eve.history();
  await eve.insist("to both");
  await titled(other, "1");
  await titled(ada, "1");
  await hide(ada.page, false);
  await titled(ada, "");
  await titled(other, "");
  await hide(other.page, false);
  await other.sees("to both");
  assert.equal(await other.page.getByRole("separator", { name: "new" }).count(), 0);
  eve.leave();
  await ada.leave();
});

test("more than the loaded page is counted as such, and exactly once the beginning is loaded", async () => {
  const address = room();
  await fillRoom(address, 3);
  const context = await readOnce(address, "message number 2");
  await fillRoom(address, 130, 3);
  const page = await context.newPage();
  // Older messages come when this is resolved.
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.routeWebSocket(/\/parties\//, (socket) => {
    const room = socket.connectToServer();
    room.onMessage((text) => void (/"type":"page"/.test(String(text)) ? held : Promise.resolve()).then(() => socket.send(text)));
  });
  await page.goto(address.href);
  await page.getByRole("separator", { name: "100+ new messages" }).waitFor();
  await page.waitForFunction(() => document.title.startsWith("(100+) "));
  release();
  await page.getByRole("separator", { name: "130 new messages" }).waitFor();
  await page.waitForFunction(() => {
    const [line, log] = [document.querySelector(".new"), document.querySelector("[role=log]")];
    const depth = (line?.getBoundingClientRect().top ?? NaN) - (log?.getBoundingClientRect().top ?? NaN);
    return depth > 0 && depth < 150;
  });
  await context.close();
});

test("the day of what is in view stays while the reader scrolls", async () => {
  const address = room();
  await fillRoom(address, 60);
  const context = await app.browser.newContext({ ...PHONE, bypassCSP: true });
  const page = await context.newPage();
  await retimed(page, (at, number) => at - (number < 20 ? 2 * DAY : number < 40 ? DAY : 0));
  await page.goto(address.href);
  await page.locator(".separator", { hasText: "Today" }).waitFor();
  const day = page.locator(".floating-day");
  assert.equal(await day.count(), 0);
  const scroll = (text: string) => page.locator("article", { hasText: text }).evaluate((message) => message.scrollIntoView({ block: "start", behavior: "instant" }));
  await scroll("message number 30");
  await day.filter({ hasText: "Yesterday" }).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await scroll("message number 10");
  await day.filter({ hasText: "Yesterday" }).waitFor({ state: "detached" });
  await day.waitFor();
  await page.getByRole("button", { name: "Jump to the latest" }).click();
  await day.waitFor({ state: "detached" });
  await context.close();
});

test("on a phone every minute has its time, and a tap on any message shows when it was written", async () => {
  const address = room();
  await fillRoom(address, 4);
  const context = await app.browser.newContext({ ...PHONE, bypassCSP: true });
  const page = await context.newPage();
  const start = new Date(2026, 1, 3, 14, 35).getTime();
  await retimed(page, (_, number) => start + [0, 10_000, MINUTE, MINUTE + 1000][number]!);
  await page.goto(address.href);
  await page.locator("article time", { hasText: "35" }).first().waitFor();
  const shown = await page.locator("article time").evaluateAll((times) => times.map((time) => time.checkVisibility({ opacityProperty: true }) && time.clientWidth >= 0 ? time.textContent : ""));
  assert.deepEqual(shown.map((time) => time?.match(/3\d/)?.[0] ?? ""), ["35", "", "36", ""]);
  await page.locator("article .bubble", { hasText: "message number 1" }).tap();
  const menu = page.getByRole("menu", { name: "Message actions" });
  await menu.getByText(/February 3, 2026.*2:35/).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await menu.getByRole("menuitem", { name: "Copy text" }).waitFor();
  await context.close();
});
