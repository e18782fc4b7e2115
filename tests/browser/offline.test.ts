// The page without a network: it opens, and what one writes is sent later.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();

test("the page opens without a network, and what is written then is sent when there is one", async () => {
  const address = new URL(`/${randomUUID()}`, app.url);
  const ada = await Visitor.at(app.browser, address, { serviceWorkers: "allow" });
  await ada.say("before");
  await ada.sees("before");
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const kept = await ada.page.evaluate(async () => {
    const requests = await (await caches.open("party-page")).keys();
    return requests.map(({ url }) => new URL(url).pathname).sort();
  });
  assert.deepEqual(kept, ["/", "/dist/en/main.js", "/dist/en/parts.js", "/dist/en/qr-code.js", "/dist/style.css", "/icon.svg"]);
  assert.deepEqual(ada.faults, []);

  await app.stop();
  await ada.page.reload();
  await ada.state("reconnecting");
  await ada.say("written without a network");
  await ada.page.locator("article[data-state=sending]", { hasText: "written without a network" }).waitFor();
  // Another room opens, too.
  const other = await ada.page.context().newPage();
  await other.goto(String(new URL("/elsewhere", app.url)));
  await other.getByRole("textbox", { name: "Message" }).waitFor();
  await other.close();

  await app.start();
  await ada.sees("written without a network");
  const bob = await Visitor.at(app.browser, address);
  await bob.sees("before");
  await bob.sees("written without a network");
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("with a network the page is always the newest one", async () => {
  const ada = await Visitor.at(app.browser, new URL(`/${randomUUID()}`, app.url), { serviceWorkers: "allow" });
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ada.page.evaluate(async () => {
    const cache = await caches.open("party-page");
    await cache.put("/", new Response("an old page", { headers: { "content-type": "text/html" } }));
  });
  await ada.page.reload();
  await ada.connected();
  await ada.page.waitForFunction(async () => {
    const page = await (await caches.open("party-page")).match("/");
    return !(await page?.text())?.includes("an old page");
  });
  assert.deepEqual(ada.faults, []);
  await ada.leave();
});
