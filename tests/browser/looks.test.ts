// How the page looks where eyes, screens and printers differ.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { fill } from "../support/chat.ts";

const app = serveApp();
const { room } = app;

test("in forced colours every control and every face has an edge", async () => {
  const address = room();
  const ada = await Visitor.as("Ada", app.browser, address, { forcedColors: "active" });
  const bob = await Visitor.as("Bob", app.browser, address);
  await ada.say("hello");
  await bob.say("hi");
  await ada.sees("hi");
  const bare = () =>
    ada.page.evaluate(() =>
      Array.from(document.querySelectorAll(".button, .avatar, .send, .composer-box, .bubble, .notice, .field"))
        .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).borderTopWidth) < 1)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
  assert.deepEqual(await bare(), []);
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.getByRole("dialog").waitFor();
  assert.deepEqual(await bare(), []);
  await Promise.all([ada.leave(), bob.leave()]);
});

test("on the narrowest phone nothing of the header is squeezed away or sticks out", async () => {
  const ada = await Visitor.as("Ada", app.browser, room(), { viewport: { width: 320, height: 600 } });
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  const [dot, wide] = await ada.page.evaluate(() => {
    const status = document.querySelector(".status");
    if (status) status.textContent = "Reconnecting…"; // The longest.
    return [status && getComputedStyle(status, "::before").width, document.documentElement.scrollWidth - innerWidth];
  });
  assert.equal(dot, "8px");
  assert.ok(wide <= 0, `${wide} pixels`);
  await ada.leave();
});

test("a conversation is printed as a whole", async () => {
  const address = room();
  await fill(app.url, address.pathname.slice(1), 100);
  const ada = await Visitor.at(app.browser, address);
  await ada.page.waitForFunction(() => document.querySelectorAll("article").length === 100);
  const pages = (await ada.page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  assert.ok(pages >= 3, `${pages} pages`);
  await ada.page.emulateMedia({ media: "print" });
  assert.equal(await ada.page.getByRole("button").filter({ visible: true }).count(), 0);
  assert.equal(await ada.input.count(), 0);
  await ada.leave();
});

test("every message has a name for screen readers", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await bob.say("hello");
  await ada.sees("hello");
  await ada.page.getByRole("article", { name: /^.?Bob.?, \d/ }).waitFor();
  await bob.page.getByRole("article", { name: /^You, \d/ }).waitFor();
  await Promise.all([ada.leave(), bob.leave()]);
});

test("a name that is too long is cut at its end, in the direction in which it is read", async () => {
  for (const name of ["\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645 ".repeat(12), "a long name ".repeat(12)]) {
    const address = new URL(`/${encodeURIComponent(`${name}${randomUUID()}`)}`, app.url);
    const ada = await Visitor.at(app.browser, address, { viewport: { width: 390, height: 700 } });
    const outside = await ada.page.getByRole("heading", { level: 1 }).evaluate((heading) => {
      const text = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT).nextNode();
      const range = document.createRange();
      if (!text) return "no text";
      range.setStart(text, 0);
      range.setEnd(text, 1);
      const [letter, box] = [range.getBoundingClientRect(), heading.getBoundingClientRect()];
      return letter.left >= box.left && letter.right <= box.right ? "" : JSON.stringify([letter, box]);
    });
    assert.equal(outside, "");
    await ada.leave();
  }
});

test("a letter that reaches over its box is not clipped", async () => {
  const address = new URL(`/Jo-${randomUUID()}`, app.url);
  const [jo, bob] = [await Visitor.as("Jo", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await jo.say("hello");
  await bob.sees("hello");
  await jo.page.getByRole("button", { name: /here$/ }).click();
  for (const [visitor, selector] of [[bob, ".name"], [jo, ".you-name"], [jo, ".person-name"], [jo, ".room-name"]] as const) {
    const missing = await visitor.page.locator(selector).first().evaluate((element) => {
      const pen = document.createElement("canvas").getContext("2d");
      const { font, paddingLeft } = getComputedStyle(element);
      if (!pen) return "no canvas";
      pen.font = font;
      const { actualBoundingBoxLeft } = pen.measureText("J");
      return actualBoundingBoxLeft <= parseFloat(paddingLeft) ? "" : `${actualBoundingBoxLeft} of ${paddingLeft}`;
    });
    assert.equal(missing, "", selector);
  }
  await Promise.all([jo.leave(), bob.leave()]);
});

test("the page speaks one language, with the hours as the reader's own has them", async () => {
  const hours = [
    ["de-DE", "de", "Heute", /^\d\d:\d\d$/],
    ["en-GB", "en", "Today", /^\d\d:\d\d$/],
    ["en-US", "en", "Today", /^\d?\d:\d\d [AP]M$/],
    ["ja-JP", "en", "Today", /^\d?\d:\d\d$/],
  ] as const;
  for (const [locale, language, today, time] of hours) {
    const ada = await Visitor.at(app.browser, room(), { locale });
    await ada.page.locator("textarea").fill("hello");
    await ada.page.keyboard.press("Enter");
    const article = await ada.sees("hello");
    await article.locator("time", { hasText: /\d/ }).waitFor();
    assert.match(await article.locator("time").innerText(), time, locale);
    await ada.page.locator(".separator", { hasText: today }).waitFor();
    assert.equal(await ada.page.locator("html").getAttribute("lang"), language);
    await ada.leave();
  }
});

test("the connection is shown when it is not well, and read out when it changes", async () => {
  const ada = await Visitor.at(app.browser, room());
  const status = ada.page.locator("[data-connection]");
  const height = () => status.evaluate((element) => element.getBoundingClientRect().height);
  assert.ok((await height()) <= 1);
  assert.equal(await status.getAttribute("role"), "status");
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  assert.ok((await height()) > 10);
  await ada.page.context().setOffline(false);
  await ada.state("connected");
  assert.ok((await height()) <= 1);
  await ada.leave();
});
