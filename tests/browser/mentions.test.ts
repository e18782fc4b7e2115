// Mentions: writing them, seeing them, and counting them.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import type { BrowserContextOptions, Locator } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { hide, Visitor } from "../support/browser.ts";
import { fill } from "../support/chat.ts";
import { allLeave, Member } from "../support/member.ts";

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const app = serveApp();
after(allLeave);

const { room } = app;

/** Lets people of these names enter a room: the first two in a app.browser, the others only by their connections. */
async function enter(address: URL, ...names: string[]): Promise<[Visitor, Visitor]> {
  const [first = "", second = "", ...others] = names;
  await Promise.all(others.map((name) => new Member(app.url, address.pathname.slice(1), name).connected()));
  const [ada, bob] = [await Visitor.as(first, app.browser, address), await Visitor.as(second, app.browser, address)];
  await ada.page.getByRole("button", { name: `${names.length} people here` }).waitFor();
  return [ada, bob];
}

async function leave(...visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) assert.deepEqual(visitor.faults, []);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

const listOf = ({ page }: Visitor): Locator => page.getByRole("listbox", { name: "People to mention" });

/** Waits until these names are offered, in this order, and the first is chosen. */
async function offers(visitor: Visitor, ...names: string[]): Promise<void> {
  const options = listOf(visitor).getByRole("option");
  await visitor.page.waitForFunction(
    (wanted) => Array.from(document.querySelectorAll("[role=option] .person-name"), (name) => name.textContent).join() === wanted,
    names.join(),
  );
  if (names.length > 0) assert.equal(await options.first().getAttribute("aria-selected"), "true");
}

/** Returns the name that screen readers are told, by the attributes of the input. */
const announced = ({ input, page }: Visitor) =>
  input.evaluate((input) => document.getElementById(input.getAttribute("aria-activedescendant") ?? "")?.textContent).catch(() => page.title());

const marksOf = (article: Locator) =>
  article.locator(".mention").evaluateAll((marks) => marks.map((mark) => `${mark.textContent}${mark.getAttribute("data-me") === "true" ? " (me)" : ""}`));

test("a name that is typed as a whole is sent with Enter, and not taken first", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob");
  await ada.input.pressSequentially("hi @bob");
  await offers(ada, "Bob");
  await ada.input.press("Enter");
  assert.deepEqual(await marksOf(await bob.sees("hi @bob")), ["@bob (me)"]);
  await leave(ada, bob);
});

test("by keyboard: what is typed after an at sign finds people, and Enter takes one of them", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob", "Émile Lovelace", "Bo Lee");
  await ada.input.pressSequentially("hello @");
  await offers(ada, "Bo Lee", "Bob", "Émile Lovelace");
  assert.equal(await announced(ada), "Bo Lee");
  await ada.page.getByText("3 people. Arrow keys choose, Enter takes.").waitFor({ state: "attached" });
  await ada.input.press("ArrowUp");
  assert.equal(await announced(ada), "Émile Lovelace");
  await ada.input.press("ArrowDown");
  await ada.input.press("ArrowDown");
  assert.equal(await announced(ada), "Bob");
  await ada.input.press("Enter");
  assert.equal(await ada.input.inputValue(), "hello @Bob ");
  assert.equal(await listOf(ada).count(), 0);
  assert.equal(await ada.input.getAttribute("aria-activedescendant"), null);
  await ada.input.pressSequentially("and @LOVE");
  await offers(ada, "Émile Lovelace");
  await ada.input.press("Tab");
  assert.equal(await ada.input.inputValue(), "hello @Bob and @Émile Lovelace ");
  await ada.input.press("ControlOrMeta+z");
  assert.match(await ada.input.inputValue(), /@LOVE$/);
  await ada.input.press("Escape");
  await ada.input.press("Enter");
  const message = await bob.sees("hello");
  assert.deepEqual(await marksOf(message), ["@Bob (me)"]);
  await leave(ada, bob);
});

test("Escape closes the list and nothing else, and it opens again with another at sign", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob");
  await ada.say("good morning");
  await ada.sees("morning");
  await ada.input.press("ArrowUp");
  await ada.input.pressSequentially(", @b");
  await offers(ada, "Bob");
  await ada.input.press("Escape");
  assert.equal(await listOf(ada).count(), 0);
  await ada.page.getByText("Editing your message").waitFor();
  await ada.input.press("o");
  assert.equal(await listOf(ada).count(), 0);
  await ada.input.pressSequentially(" @");
  await offers(ada, "Bob");
  await ada.input.press("Enter");
  await ada.input.press("Enter");
  assert.deepEqual(await marksOf(await bob.sees("morning, @bo @Bob")), ["@Bob (me)"]);
  await leave(ada, bob);
});

test("the list is closed while the input is left, and is there again for whoever comes back to it", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob");
  await ada.input.pressSequentially("@");
  await offers(ada, "Bob");
  await ada.page.getByRole("button", { name: /Your name/ }).focus();
  await listOf(ada).waitFor({ state: "detached" });
  await ada.input.focus();
  await offers(ada, "Bob");
  await ada.input.press("Escape");
  await ada.page.getByRole("button", { name: /Your name/ }).focus();
  await ada.input.focus();
  assert.equal(await listOf(ada).count(), 0);
  await leave(ada, bob);
});

test("by mouse: pointing chooses, a click takes, and the input keeps the focus", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob", "Cy");
  await ada.input.pressSequentially("@");
  await offers(ada, "Bob", "Cy");
  await listOf(ada).getByRole("option", { name: "Cy" }).hover();
  assert.equal(await announced(ada), "Cy");
  await listOf(ada).getByRole("option", { name: "Cy" }).click();
  await ada.page.keyboard.type("there you are");
  assert.equal(await ada.input.inputValue(), "@Cy there you are");
  await ada.input.fill("");
  await ada.input.pressSequentially("@");
  await offers(ada, "Bob", "Cy");
  await ada.log.click({ position: { x: 5, y: 5 } });
  await listOf(ada).waitFor({ state: "detached" });
  await leave(ada, bob);
});

test("by touch: a tap takes, in a reply as well", async () => {
  const address = room();
  const [bob, cy] = await enter(address, "Bob", "Cy Young");
  await bob.say("who brings the cake?");
  const ada = await Visitor.as("Ada", app.browser, address, PHONE);
  await (await ada.sees("cake")).locator(".bubble").tap();
  await ada.page.getByRole("menuitem", { name: "Reply" }).tap();
  await ada.input.pressSequentially("perhaps @you");
  await offers(ada, "Cy Young");
  await listOf(ada).getByRole("option").tap();
  assert.equal(await ada.input.inputValue(), "perhaps @Cy Young ");
  await ada.page.getByRole("button", { name: "Send" }).tap();
  const reply = await bob.sees("perhaps");
  assert.deepEqual(await marksOf(reply), ["@Cy Young"]);
  await reply.getByText("who brings the cake?").waitFor();
  await leave(ada, bob, cy);
});

test("the list follows an input method, and leaves its keys alone", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob", "Cy");
  await ada.input.pressSequentially("@");
  await offers(ada, "Bob", "Cy");
  const devtools = await ada.page.context().newCDPSession(ada.page);
  await devtools.send("Input.imeSetComposition", { text: "b", selectionStart: 1, selectionEnd: 1 });
  await offers(ada, "Bob");
  for (const key of ["Enter", "Escape", "ArrowDown", "Tab"]) {
    await ada.input.dispatchEvent("keydown", { key, isComposing: true });
    await ada.input.dispatchEvent("keydown", { key, keyCode: 229 });
  }
  assert.equal(await ada.input.inputValue(), "@b");
  await offers(ada, "Bob");
  await listOf(ada).getByRole("option").click();
  assert.equal(await ada.input.inputValue(), "@Bob ");
  await leave(ada, bob);
});

test("the second one of a name is marked, in the conversation and in the list of people", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Maya");
  await bob.say("I am Maya");
  await ada.sees("I am Maya");
  const other = await Visitor.as("Maya", app.browser, ada.page.url());
  await other.say("so am I");
  const mark = (await ada.sees("so am I")).getByText("No. 2");
  await mark.waitFor();
  assert.equal(await mark.getAttribute("title"), "Somebody else had this name before");
  assert.equal(await ada.log.getByText("No. 2").count(), 1);
  await ada.page.getByRole("button", { name: "3 people here" }).click();
  await ada.page.getByRole("list", { name: "People" }).getByText("No. 2").waitFor();
  await leave(ada, bob, other);
});

test("no list opens for an address, for the reader alone, or where the caret only comes by", async () => {
  const ada = await Visitor.as("Ada", app.browser, room());
  await ada.input.pressSequentially("@");
  await ada.input.press("Enter");
  await ada.sees("@");
  const bob = await Visitor.as("Bob", app.browser, ada.page.url());
  await ada.page.getByRole("button", { name: "2 people here" }).waitFor();
  for (const text of ["a@b", "@@b", "@Bob, @nobody"]) {
    await ada.input.fill("");
    await ada.input.pressSequentially(text);
    assert.equal(await listOf(ada).count(), 0, text);
  }
  await ada.input.fill("@B");
  await offers(ada, "Bob");
  await ada.input.press("Escape");
  await ada.input.press("Home");
  await ada.input.press("End");
  assert.equal(await listOf(ada).count(), 0);
  await leave(ada, bob);
});

test("offline a mention is written and shown, and sent later", async () => {
  const [ada, bob] = await enter(room(), "Ada", "Bob");
  await ada.seesPeople("Ada, you, moderator", "Bob");
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  await ada.input.pressSequentially("@b");
  await offers(ada, "Bob");
  await ada.input.press("Enter");
  await ada.page.keyboard.type("soon");
  await ada.input.press("Enter");
  await ada.page.locator("article[data-state=sending] .mention", { hasText: "@Bob" }).waitFor();
  await ada.page.context().setOffline(false);
  assert.deepEqual(await marksOf(await bob.sees("soon")), ["@Bob (me)"]);
  await leave(ada, bob);
});

test("messages mark the people that they mention, and the reader's own mention and its message stand out", async () => {
  const address = room();
  const [ada, bob] = await enter(address, "Ada", "Bob (.*)", "Ada Lovelace", "דנה");
  const text = "@Ada, @Ada Lovelace, **@Bob (.*)** and @דנה, not `@Ada`, a@ada.b, @@Ada or @nobody";
  await bob.say(text);
  const message = await ada.sees("nobody");
  assert.deepEqual(await marksOf(message), ["@Ada (me)", "@Ada Lovelace", "@Bob (.*)", "@דנה"]);
  await bob.say("@Bob (.*)");
  const [own, other, bubble, plain] = await ada.page.evaluate(() => {
    const background = (element: Element | null | undefined) => element && getComputedStyle(element).backgroundColor;
    const [first, second] = document.querySelectorAll("article .bubble");
    return [background(first?.querySelector("[data-me=true]")), background(first?.querySelector("[data-me=false]")), background(first), background(second)];
  });
  assert.equal(new Set([own, other, bubble, plain]).size, 4);
  // The text is what was written.
  await ada.choose("nobody", "Copy text");
  assert.equal(await ada.page.evaluate(() => navigator.clipboard.readText()), text);
  await leave(ada, bob);
});

test("a name that is changed, shared or new is followed in what is written already", async () => {
  const address = room();
  const [ada, bob] = await enter(address, "Ada", "Bob");
  await bob.say("@Ada and @Grace");
  const message = await ada.sees("and");
  assert.deepEqual(await marksOf(message), ["@Ada (me)"]);
  await ada.rename("Grace");
  await message.locator(".mention", { hasText: "@Grace" }).waitFor();
  assert.deepEqual(await marksOf(message), ["@Ada (me)", "@Grace (me)"]);
  await bob.rename("Ada");
  await message.locator(".mention[data-me=false]", { hasText: "@Ada" }).waitFor();
  await bob.choose("and", "Edit message");
  await bob.input.fill("@Grace only, and @Bob");
  await bob.input.press("Enter");
  await ada.sees("only");
  assert.deepEqual(await marksOf(message), ["@Grace (me)", "@Bob"]);
  await leave(ada, bob);
});

test("unread mentions are counted apart, in the title, on the line and on the button", async () => {
  const address = room();
  await fill(app.url, address.pathname.slice(1), 30);
  const [ada, bob] = await enter(address, "Ada", "Bob");
  await hide(ada.page, true);
  await bob.say("are you here?");
  await ada.page.waitForFunction(() => document.title.startsWith("(1) "));
  await bob.say("@Ada?");
  await bob.say("`@Ada` is how it is written");
  await ada.page.waitForFunction(() => document.title.startsWith("(3 new, 1 mentions you) "));
  await ada.page.getByRole("separator", { name: "3 new messages, 1 mentions you" }).getByText("New · 3, 1 mentions you").waitFor();
  await ada.log.evaluate((log) => log.scrollTo({ top: 0, behavior: "instant" }));
  await ada.page.getByRole("button", { name: "3 new messages, 1 mentions you" }).waitFor();
  await hide(ada.page, false);
  await ada.page.getByRole("button", { name: "3 new messages, 1 mentions you" }).click();
  await ada.page.waitForFunction(() => !document.title.startsWith("("));
  await leave(ada, bob);
});

test("in a room of a thousand people the list is found through in a moment, and is short", async () => {
  const address = room();
  const ada = await Visitor.as("Ada", app.browser, address);
  await ada.page.routeWebSocket(/\/parties\//, (socket) => {
    const room = socket.connectToServer();
    room.onMessage((text) => {
      type Frame = { presence?: { members?: object[]; count: number } };
      if (typeof text !== "string" || !/^[[{]/.test(text)) return socket.send(text);
      const frames = [JSON.parse(text) as Frame | Frame[]].flat();
      for (const { presence } of frames) {
        if (!presence?.members) continue;
        for (let n = 0; n < 1000; n++) presence.members.push({ member: `m${n}`, data: { name: `Person Number ${n}`, role: "member" } });
        presence.count += 1000;
      }
      socket.send(JSON.stringify(frames));
    });
  });
  await ada.page.reload();
  await ada.page.getByRole("button", { name: "1001 people here" }).waitFor();
  await ada.input.pressSequentially("@num");
  await ada.page.getByText("994 more: type a part of the name").waitFor();
  assert.equal(await listOf(ada).getByRole("option").count(), 6);
  await ada.input.pressSequentially("ber 777");
  await offers(ada, "Person Number 777");
  await ada.input.press("Enter");
  await ada.page.keyboard.type("hello");
  await ada.input.press("Enter");
  assert.deepEqual(await marksOf(await ada.sees("hello")), ["@Person Number 777"]);
  await leave(ada);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const size of [PHONE, { viewport: { width: 1280, height: 800 } }]) {
    const screen = `${size.viewport?.width} pixels wide, ${colorScheme}`;

    test(`everyone can use mentions: no fault of accessibility is found (${screen})`, async () => {
      const address = room();
      const [bob, other] = await enter(address, "Bob", "Cy", "Cy");
      const ada = await Visitor.as("Ada", app.browser, address, { ...size, colorScheme, bypassCSP: true });
      await bob.say("@Ada and @Bob and @Cy, **@Ada**\n> @Cy\n\nthat is all");
      await ada.sees("and");
      await ada.input.pressSequentially("@");
      await offers(ada, "Bob", "Cy");
      assert.deepEqual(await faultsOf(ada.page), []);
      await ada.input.press("Enter");
      await ada.input.pressSequentially("@ada");
      await ada.page.getByRole("button", { name: "Send" }).click();
      await ada.page.locator("article[data-mine=true] .mention").first().waitFor();
      await ada.input.evaluate((input) => input.blur());
      await hide(ada.page, true);
      await bob.say("@Ada?");
      await ada.page.getByRole("separator", { name: "1 new message, 1 mentions you" }).waitFor();
      assert.deepEqual(await faultsOf(ada.page), []);
      await leave(ada, bob, other);
    });
  }
}
