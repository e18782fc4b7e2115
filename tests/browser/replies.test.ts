// Replies and reactions, as people see them.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import type { BrowserContextOptions, Locator } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";
import { fill, Guest, type Message } from "../support/chat.ts";
import { allLeave, Member } from "../support/member.ts";

const DESKTOP: BrowserContextOptions = { bypassCSP: true };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true };

const app = serveApp();
after(allLeave);

function address(): URL {
  return new URL(`/${randomUUID()}`, app.url);
}

async function leave(...visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) assert.deepEqual(visitor.faults, []);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

/** Returns the button of a reaction, once it shows this number. */
async function reaction(article: Locator, emoji: string, count: number): Promise<Locator> {
  const button = article.getByRole("button", { name: new RegExp(`^${emoji} ${count}:`, "u") });
  await button.waitFor();
  return button;
}

async function react(visitor: Visitor, text: string, emoji: string): Promise<void> {
  const article = await visitor.sees(text);
  await article.hover();
  await article.getByRole("button", { name: "Message actions" }).click();
  await visitor.page.getByRole("menuitemcheckbox", { name: emoji }).click();
}

async function isAccessible(visitor: Visitor): Promise<void> {
  assert.deepEqual(await faultsOf(visitor.page), []);
}

test("a reply shows the message that it answers, follows its changes, and leads to it", async () => {
  const room = address();
  const ada = await Visitor.as("Ada", app.browser, room, DESKTOP);
  const bob = await Visitor.as("Bob", app.browser, room, DESKTOP);
  await ada.say("shall we meet at noon?");
  await bob.choose("noon", "Reply");
  await bob.page.getByText("Reply to Ada").waitFor();
  await isAccessible(bob);
  await bob.page.keyboard.type("yes, gladly"); // The input has the focus.
  await bob.page.keyboard.press("Enter");
  assert.equal(await bob.page.getByText("Reply to Ada").count(), 0);
  const reply = await ada.sees("yes, gladly");
  const quote = reply.getByRole("button", { name: /^Answers Ada ?shall we meet at noon\?$/ });
  await quote.click();
  await ada.page.locator("article.found", { hasText: "noon" }).first().waitFor();
  await isAccessible(ada);

  await ada.input.press("ArrowUp");
  await ada.page.getByText("Editing your message").waitFor();
  await ada.input.fill("shall we meet at one?");
  await ada.input.press("Enter");
  await bob.page.getByRole("button", { name: /^Answers .*at one\?$/ }).waitFor();
  await ada.page.getByRole("article").first().hover();
  await ada.page.getByRole("article").first().getByRole("button", { name: "Message actions" }).click();
  await ada.page.getByRole("menuitem", { name: "Delete message…" }).click();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await bob.page.locator("p.quote", { hasText: "Message deleted" }).waitFor();
  await leave(ada, bob);
});

test("Escape gives up a reply, and what is written then answers nothing", async () => {
  const ada = await Visitor.as("Ada", app.browser, address(), DESKTOP);
  await ada.say("one");
  await ada.choose("one", "Reply");
  await ada.input.fill("two");
  await ada.input.press("Escape");
  await ada.input.press("Enter");
  const article = await ada.sees("two");
  assert.equal(await article.locator(".quote").count(), 0);
  await leave(ada);
});

test("a reply to a message far back shows it, and leads there through the older pages", async () => {
  const room = address();
  const writer = new Member(app.url, room.pathname.slice(1), "Old hand");
  const { seq: replyTo } = await writer.room.send({ content: "the very first words" }).done;
  await fill(app.url, room.pathname.slice(1), 110);
  await writer.room.send({ content: "as I said", replyTo }).done;
  const ada = await Visitor.at(app.browser, room, DESKTOP);
  const reply = await ada.sees("as I said");
  const quote = reply.getByRole("button", { name: /the very first words/ });
  await quote.click();
  const found = ada.page.locator("article.found", { hasText: "the very first words" });
  await found.waitFor();
  await ada.page.waitForFunction(() => {
    const { top = -1, bottom = Infinity } = document.querySelector(".message:focus")?.getBoundingClientRect() ?? {};
    return top > 0 && bottom < innerHeight;
  });
  writer.leave();
  await leave(ada);
});

test("a reaction shows at once, counts everyone, says who gave it, and can be taken back", async () => {
  const room = address();
  const ada = await Visitor.as("Ada", app.browser, room, DESKTOP);
  const bob = await Visitor.as("Bob", app.browser, room, DESKTOP);
  await ada.say("it works");
  await react(bob, "it works", "🎉");
  const own = await reaction(await bob.sees("it works"), "🎉", 1);
  assert.equal(await own.getAttribute("aria-pressed"), "true");
  const theirs = await reaction(await ada.sees("it works"), "🎉", 1);
  assert.deepEqual([await theirs.getAttribute("aria-pressed"), await theirs.getAttribute("title")], ["false", "Bob"]);
  await theirs.click();
  await reaction(await bob.sees("it works"), "🎉", 2);
  await isAccessible(ada);
  await (await reaction(await ada.sees("it works"), "🎉", 2)).click();
  await reaction(await bob.sees("it works"), "🎉", 1);
  await own.click();
  await ada.page.locator(".reaction").waitFor({ state: "detached" });
  assert.equal(await ada.page.locator("[data-edited]").count(), 0);
  await leave(ada, bob);
});

test("a reaction that is given offline is kept over a reload, and counts once", async () => {
  const room = address();
  const ada = await Visitor.as("Ada", app.browser, room, DESKTOP);
  const bob = await Visitor.as("Bob", app.browser, room, DESKTOP);
  await ada.say("who comes along?");
  await bob.sees("who comes along?");
  const network = bob.page.context();
  await network.setOffline(true);
  await app.stop();
  await react(bob, "who comes along?", "👍");
  await reaction(await bob.sees("who comes along?"), "👍", 1);
  await app.start();
  await network.setOffline(false);
  await reaction(await ada.sees("who comes along?"), "👍", 1);
  await bob.page.reload();
  await bob.connected();
  const own = await reaction(await bob.sees("who comes along?"), "👍", 1);
  assert.equal(await own.getAttribute("aria-pressed"), "true");
  // The browser tells of each attempt that failed.
  const faults = [...ada.faults, ...bob.faults].filter((fault) => !fault.includes("ERR_CONNECTION_REFUSED"));
  assert.deepEqual(faults, []);
  for (const visitor of [ada, bob]) await visitor.leave();
});

test("on a phone a tap on a message offers reactions and a reply", async () => {
  const room = address();
  const ada = await Visitor.as("Ada", app.browser, room, PHONE);
  await ada.input.fill("hello"); // Enter starts a new line there.
  await ada.page.getByRole("button", { name: "Send" }).tap();
  await (await ada.sees("hello")).locator(".bubble").tap();
  await isAccessible(ada);
  await ada.page.getByRole("menuitem", { name: "More emoji" }).tap();
  await ada.page.getByRole("menuitemcheckbox", { name: "🚀" }).tap();
  await reaction(await ada.sees("hello"), "🚀", 1);
  await (await ada.sees("hello")).locator(".bubble").tap();
  await ada.page.getByRole("menuitem", { name: "Reply" }).tap();
  await ada.page.getByText("Reply to").waitFor();
  await leave(ada);
});

test("a client of the original app sees replies with a quotation, and reactions do not disturb it", async () => {
  const room = address();
  const ada = await Visitor.as("Ada", app.browser, room, DESKTOP);
  const guest = new Guest(app.url, room.pathname.slice(1));
  await guest.history();
  const until = async (content: string): Promise<Message> => {
    for (;;) {
      const frame = await guest.frame();
      assert.notEqual(frame.type, "error", JSON.stringify(frame));
      if (frame.type === "add" && frame.content === content) return frame;
    }
  };
  guest.say("g1", "good morning", "Old client");
  await ada.choose("good morning", "Reply");
  await ada.input.fill("good morning to you");
  await ada.input.press("Enter");
  const quoted = await until("> Old client: good morning\ngood morning to you");
  assert.equal(quoted.user, "Ada");
  await react(ada, "good morning to you", "👍");
  await reaction(await ada.sees("good morning to you"), "👍", 1);
  for (let n = 0; n < 20; n++) guest.say(`more-${n}`, `from the old client ${n}`, "Old client");
  await ada.sees("from the old client 19");
  for (let n = 0; n < 20; n++) await ada.say(`from the page ${n}`);
  await until("from the page 19");
  guest.leave();
  await leave(ada);
});
