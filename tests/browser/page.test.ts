// The page itself: it is small, refuses foreign content, and goes on when a part of it is missing.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { languages } from "../../chat/client/tests/written-out.ts";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { Guest } from "../support/chat.ts";
import { root } from "../support/workerd.ts";

/**
 * The limits of the page's scripts in each language, in compressed bytes: of the one that the first message waits for,
 * and of both. Code that makes the first one too large can move to `chat/client/lazy-bundle.ts`. The first one has to
 * know how far the reader has read, because the page opens there. The formatting of messages is in the second, with
 * their mentions.
 */
const LARGEST_SCRIPT = 24_000; // Drafts are in the input before the first message.
const LARGEST_IN_ALL = 58 * 1024;

/** A room in which something was said. */
let address: URL;

const app = serveApp(async (app) => {
  address = new URL(`/${randomUUID()}`, app.url);
  const bob = new Guest(app.url, address.pathname.slice(1));
  await bob.history();
  bob.say("1", "A long line without a break: " + "x".repeat(300), "Bob");
  bob.say("2", "See https://example.com/a/rather/long/address/that/must/wrap/somewhere?on=a&narrow=screen", "Bob");
  await bob.frame();
  await bob.frame();
  bob.leave();
});

test("the page says nothing of its address to others and runs no script but its own", async () => {
  const response = await fetch(address);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  const policy = response.headers.get("content-security-policy") ?? "";
  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(policy, /script-src[^;]*unsafe/);
});

test("the page's script is small", async () => {
  // The scripts that the page fetches until there is a message, and those that it fetches at all.
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("A long line");
  await ada.page.getByRole("button", { name: /here$/ }).waitFor();
  const scripts = await ada.page.evaluate(() => {
    const names = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
    return names.filter((name) => name.endsWith(".js"));
  });
  assert.deepEqual(scripts, ["/dist/en/main.js", "/dist/en/parts.js"]);
  for (const language of languages()) {
    const files = scripts.map((name) => name.replace("/en/", `/${language}/`));
    const [before = 0, after = 0] = files.map((name) => gzipSync(readFileSync(join(root, "public", name))).length);
    assert.ok(before <= LARGEST_SCRIPT, `${language}: it has ${before} bytes, compressed`);
    assert.ok(before + after <= LARGEST_IN_ALL, `${language}: all of it has ${before + after} bytes, compressed`);
  }
  await ada.leave();
});

test("the first message does not wait for what is loaded later, and what is asked for meanwhile comes by itself", async () => {
  const context = await app.browser.newContext();
  const page = await context.newPage();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  let asked = (_messages: number) => {};
  const messages = new Promise<number>((resolve) => (asked = resolve));
  await page.route("**/parts.js", async (route) => {
    asked(await page.locator("article").count());
    await answered;
    await route.continue();
  });
  await page.goto(address.href);
  assert.ok((await messages) > 0);
  await page.getByRole("button", { name: /Your name/ }).click();
  assert.equal(await page.getByRole("dialog").count(), 0);
  answer();
  await page.getByRole("dialog").waitFor();
  await context.close();
});

test("lazily loaded parts are there when the connection goes down", async () => {
  const ada = await Visitor.at(app.browser, address);
  await ada.page.getByRole("button", { name: /here$/ }).waitFor();
  await ada.page.context().setOffline(true);
  await ada.state("offline");
  await ada.page.getByText("You are offline").waitFor();
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.getByRole("dialog").waitFor();
  await ada.leave();
});

test("a part that cannot be loaded is tried again, and the page goes on meanwhile", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  await ada.page.route("**/parts.js*", (route) => route.abort());
  await ada.page.reload();
  await ada.page.getByText("A part of this page could not be loaded").waitFor();
  await ada.say("written meanwhile");
  await ada.sees("written meanwhile");
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.unroute("**/parts.js*");
  await ada.page.getByRole("dialog").waitFor();
  await ada.page.keyboard.press("Escape");
  assert.equal(await ada.page.getByText("A part of this page could not be loaded").count(), 0);
  await ada.leave();
});

test("a page that is older than what it loads later says so, and goes on", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  for (const body of ['export const build = "newer";', 'import { nothing } from "./main.js";']) {
    await ada.page.route("**/parts.js*", (route) => route.fulfill({ body, contentType: "text/javascript" }));
    await ada.page.reload();
    await ada.page.getByText("reload the page.").waitFor();
    await ada.say("written meanwhile");
    await ada.page.locator("article", { hasText: "written meanwhile" }).first().waitFor();
    await ada.page.unroute("**/parts.js*");
  }
  await ada.page.reload();
  await ada.page.getByRole("button", { name: /Your name/ }).click();
  await ada.page.getByRole("dialog").waitFor();
  await ada.leave();
});

test("the keyboard alone leads to everything", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url));
  const reached = new Set<string>();
  for (let n = 0; n < 20; n++) {
    await ada.page.keyboard.press("Tab");
    const name = await ada.page.evaluate(() => {
      const focused = document.activeElement;
      return focused?.getAttribute("aria-label") ?? focused?.textContent ?? "";
    });
    reached.add(name);
  }
  for (const expected of [/person here/, /Notifications/, /Invite/, /Room menu/, /Your name/, /^Message/, /Messages/]) {
    assert.ok([...reached].some((name) => expected.test(name)), `${expected} among ${[...reached].join(" | ")}`);
  }
  await ada.leave();
});

test("the page can be installed, and a preview of its link says nothing of the room", async () => {
  const ada = await Visitor.at(app.browser, address);
  await ada.sees("A long line");
  const devtools = await ada.page.context().newCDPSession(ada.page);
  const { errors, data = "" } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  const { icons, start_url } = JSON.parse(data) as { icons: { src: string; type: string }[]; start_url: string };
  assert.equal(start_url, "/");
  for (const { src, type } of icons) {
    const response = await fetch(new URL(src, app.url));
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, type]);
  }
  const html = await (await fetch(address)).text();
  assert.match(html, /og:title/);
  assert.ok(!html.includes("A long line") && !html.includes(address.pathname.slice(1)));
  assert.deepEqual(ada.faults, []);
  await ada.leave();
});
