// The app as people see it: all of it, as `wrangler dev` serves it, in real Chromium.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { isolated } from "../../chat/client/isolated.ts";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { fill, Guest } from "../support/chat.ts";

const app = serveApp();
const { room } = app;

test("visiting the page gives a fresh room that nobody can guess, and its address invites others", async () => {
  const ada = await Visitor.at(app.browser, app.url);
  const other = await Visitor.at(app.browser, app.url);
  const [first, second] = [new URL(ada.page.url()).pathname, new URL(other.page.url()).pathname];
  assert.match(first, /^\/[\w-]{21,}$/);
  assert.notEqual(first, second);

  await ada.page.getByRole("button", { name: "Invite", exact: true }).click();
  await ada.page.getByRole("dialog").getByRole("button", { name: "Copy link" }).click();
  await ada.page.getByText("Link copied").first().waitFor();
  const link = await ada.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, ada.page.url());
  await ada.page.keyboard.press("Escape");

  const bob = await Visitor.at(app.browser, link);
  await ada.say("welcome");
  await bob.sees("welcome");
  assert.deepEqual(await other.texts(), []);
  for (const visitor of [ada, bob, other]) assert.deepEqual(visitor.faults, []);
  await Promise.all([ada, bob, other].map((visitor) => visitor.leave()));
});

test("two pages see each other within a second, a third sees the history, another room none of it", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.at(app.browser, address), await Visitor.at(app.browser, address)];
  await ada.say("hello");
  await bob.sees("hello");
  await bob.say("hi there");
  await ada.sees("hi there");
  const cy = await Visitor.at(app.browser, address);
  await cy.sees("hi there");
  assert.deepEqual(await cy.texts(), ["hello", "hi there"]);
  const stranger = await Visitor.at(app.browser, room());
  assert.deepEqual(await stranger.texts(), []);
  await Promise.all([ada, bob, cy, stranger].map((visitor) => visitor.leave()));
});

test("Enter sends, Shift+Enter breaks the line, and the break is kept", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.input.pressSequentially("first");
  await ada.input.press("Shift+Enter");
  await ada.input.pressSequentially("second");
  await ada.input.press("Enter");
  await ada.sees("first");
  assert.deepEqual(await ada.texts(), ["first\nsecond"]);
  assert.equal(await ada.input.inputValue(), "");
  await ada.input.press("Enter");
  assert.equal((await ada.texts()).length, 1);
  await ada.leave();
});

test("messages of others are text: markup does nothing, and only web addresses become links", async () => {
  const address = room();
  const ada = await Visitor.at(app.browser, address);
  const eve = new Guest(app.url, address.pathname.slice(1));
  await eve.history();
  const content = `<img src=x onerror="document.title='owned'"> javascript:alert(1) https://example.com/a?b=c.`;
  eve.say("1", content, "<b>Eve</b>");
  const article = await ada.sees("https://example.com");
  assert.deepEqual(await ada.texts(), [content]);
  const links = article.locator("a");
  assert.equal(await links.count(), 1);
  assert.equal(await links.getAttribute("href"), "https://example.com/a?b=c");
  assert.equal(await links.getAttribute("target"), "_blank");
  assert.match((await links.getAttribute("rel")) ?? "", /noopener/);
  assert.doesNotMatch(await ada.page.title(), /owned/);
  await ada.page.getByText("<b>Eve</b>").first().waitFor();
  assert.deepEqual(ada.faults, []);
  eve.leave();
  await ada.leave();
});

test("a name can be changed, goes with what is said, and is remembered", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.at(app.browser, address), await Visitor.at(app.browser, address)];
  await ada.rename("Ada Lovelace");
  await ada.say("hello");
  await bob.sees("hello");
  await bob.page.locator("article", { hasText: "Ada Lovelace" }).waitFor();
  await ada.page.reload();
  await ada.connected();
  await ada.page.getByRole("button", { name: /Your name.*Ada Lovelace/ }).waitFor();
  await Promise.all([ada.leave(), bob.leave()]);
});

test("tabs of one browser have one name", async () => {
  const address = room();
  const ada = await Visitor.as("Ada", app.browser, address);
  const other = await Visitor.in(ada.page.context(), address);
  await other.rename("Countess");
  await ada.page.getByRole("button", { name: `Your name: ${isolated("Countess")}` }).waitFor();
  await ada.say("good morning");
  const bob = await Visitor.at(app.browser, address);
  await bob.page.locator("article", { hasText: "good morning" }).getByText("Countess").waitFor();
  await Promise.all([ada.leave(), bob.leave()]);
});

test("at midnight today becomes yesterday", async () => {
  const ada = await Visitor.at(app.browser, room());
  await ada.page.clock.install();
  await ada.page.reload();
  await ada.connected();
  await ada.say("good night");
  await ada.sees("good night");
  await ada.page.locator(".separator", { hasText: "Today" }).waitFor();
  await ada.page.clock.fastForward("24:00:00");
  await ada.page.locator(".separator", { hasText: "Yesterday" }).waitFor();
  await ada.leave();
});

test("a reader who has scrolled up keeps their place, and is led back to what is new", async () => {
  const address = room();
  const name = address.pathname.slice(1);
  await fill(app.url, name, 60);
  const eve = new Guest(app.url, name);
  await eve.history();
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("message number 59");
  const top = () => ada.log.evaluate((log) => log.scrollTop);
  const distance = () => ada.log.evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);
  assert.ok((await distance()) < 2);

  await ada.log.evaluate((log) => log.scrollTo({ top: 200, behavior: "instant" }));
  const button = ada.page.getByRole("button", { name: /latest|new message/i });
  await button.waitFor();
  eve.say("60", "one more");
  await ada.page.getByRole("button", { name: "1 new message" }).waitFor();
  assert.equal(await top(), 200);
  await button.click();
  await ada.page.waitForFunction(() => {
    const log = document.querySelector("[role=log]");
    return log !== null && log.scrollHeight - log.clientHeight - log.scrollTop < 2;
  });
  eve.say("61", "and another");
  await ada.sees("and another");
  assert.ok((await distance()) < 2);
  eve.leave();
  await ada.leave();
});

test("a message written while the server is down is sent once when it is back, and nothing is lost", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.at(app.browser, address), await Visitor.at(app.browser, address)];
  await ada.say("before");
  await bob.sees("before");
  await app.stop();
  await ada.state("reconnecting");
  await ada.say("in between");
  await ada.page.locator("article[data-state=sending]", { hasText: "in between" }).waitFor();

  await app.start();
  await ada.connected();
  await ada.sees("in between");
  await bob.connected();
  await bob.sees("in between");
  const cy = await Visitor.at(app.browser, address);
  await cy.sees("in between");
  for (const visitor of [ada, bob, cy]) assert.deepEqual(await visitor.texts(), ["before", "in between"]);
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});

test("a message written offline is there when the page is opened again, and arrives once", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.at(app.browser, address), await Visitor.at(app.browser, address)];
  await ada.say("before");
  await bob.sees("before");
  const context = ada.page.context();
  await context.setOffline(true);
  await ada.state("offline");
  await ada.say("in the tunnel");
  await ada.page.locator("article[data-state=sending]", { hasText: "in the tunnel" }).waitFor();
  await ada.page.close();

  await context.setOffline(false);
  const again = await Visitor.in(context, address);
  await again.sees("in the tunnel");
  assert.equal(await again.page.locator("article[data-mine=true]").count(), 2);
  await bob.sees("in the tunnel");
  for (const visitor of [again, bob]) assert.deepEqual(await visitor.texts(), ["before", "in the tunnel"]);
  await Promise.all([again.leave(), bob.leave()]);
});

test("a message written offline arrives also when its author has gone to another room meanwhile, and is there on coming back", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.at(app.browser, address), await Visitor.at(app.browser, address)];
  await ada.say("before");
  await bob.sees("before");
  const context = ada.page.context();
  await context.setOffline(true);
  await ada.state("offline");
  await ada.say("in the tunnel");
  await ada.enterNewRoom();
  await ada.page.getByText("You are offline").waitFor();
  assert.deepEqual(await ada.texts(), []);
  await ada.page.goBack();
  await ada.page.locator("article[data-state=sending]", { hasText: "in the tunnel" }).waitFor();
  await ada.page.goForward();
  await ada.page.locator("article").first().waitFor({ state: "detached" });
  await context.setOffline(false);
  await bob.sees("in the tunnel");
  await ada.page.goBack();
  await ada.sees("in the tunnel");
  for (const visitor of [ada, bob]) assert.deepEqual(await visitor.texts(), ["before", "in the tunnel"]);
  await Promise.all([ada.leave(), bob.leave()]);
});

test("a reader who opens a long history sees its end at once, and nothing moves when the rest is drawn", async () => {
  for (const height of [800, 2400]) {
    const address = room();
    await fill(app.url, address.pathname.slice(1), 100);
    const context = await app.browser.newContext({ viewport: { width: 1280, height } });
    // In every frame: how many messages there are, where the last one stands, and whether they fill the screen.
    await context.addInitScript(() => {
      const frames: [number, number, boolean][] = [];
      Reflect.set(globalThis, "frames", frames);
      const look = () => {
        const [articles, log] = [document.querySelectorAll("article"), document.querySelector("[role=log]")];
        const [first, last] = [articles[0], articles[articles.length - 1]];
        if (first && last && log) {
          const full = first.getBoundingClientRect().top <= log.getBoundingClientRect().top;
          frames.push([articles.length, last.getBoundingClientRect().bottom, full]);
        }
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const ada = await Visitor.in(context, address);
    await ada.page.waitForFunction(() => document.querySelectorAll("article").length === 100);
    await ada.page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    const frames: [number, number, boolean][] = await ada.page.evaluate("frames");
    const bottoms = frames.map(([, bottom]) => bottom);
    assert.ok(Math.max(...bottoms) - Math.min(...bottoms) < 1, JSON.stringify(frames));
    assert.ok(frames.every(([, , full]) => full), JSON.stringify(frames));
    assert.deepEqual(ada.faults, []);
    await ada.leave();
  }
});

test("older messages come to who scrolls up, under whose eyes nothing moves, down to the beginning", async () => {
  const address = room();
  await fill(app.url, address.pathname.slice(1), 210);
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("message number 209");
  await ada.page.waitForFunction(() => document.querySelectorAll("article").length === 100);
  for (const loaded of [200, 210]) {
    // Scrolls to near the top, and notes the first message that is in view as a whole.
    const [id, y] = await ada.log.evaluate((log) => {
      log.scrollTo({ top: 150, behavior: "instant" });
      const edge = log.getBoundingClientRect().top;
      const first = [...log.querySelectorAll("article")].find((article) => article.getBoundingClientRect().top > edge);
      return [first?.dataset["id"] ?? "", first?.getBoundingClientRect().top ?? 0] as const;
    });
    await ada.page.waitForFunction((loaded) => document.querySelectorAll("article").length === loaded, loaded);
    const moved = (await ada.page.locator(`article[data-id="${id}"]`).evaluate((article) => article.getBoundingClientRect().top)) - y;
    assert.ok(Math.abs(moved) < 1, `${id} has moved by ${moved} pixels`);
  }
  await ada.page.getByText("The beginning of this room").waitFor();
  const numbers = (await ada.texts()).map((text) => Number(text.split(" ").at(-1)));
  assert.deepEqual(numbers, Array.from({ length: 210 }, (_, n) => n));
  assert.deepEqual(ada.faults, []);
  await ada.leave();
});

test("older messages come by the keyboard, too", async () => {
  const address = room();
  await fill(app.url, address.pathname.slice(1), 110);
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("message number 109");
  await ada.page.getByRole("button", { name: "Show older messages" }).press("Enter");
  await ada.page.getByText("message number 0", { exact: true }).waitFor();
  await ada.page.getByText("The beginning of this room").waitFor();
  await ada.leave();
});
