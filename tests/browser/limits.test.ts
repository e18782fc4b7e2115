// A browser without storage, and addresses that are too long.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { Guest } from "../support/chat.ts";

const app = serveApp();
const { room } = app;

test("a message that waits in a browser without storage is sent anyway, and the page says that it must stay open", async () => {
  const context = await app.browser.newContext();
  await context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const ada = await Visitor.in(context, room());
  const told = ada.page.getByText("leave this page open until it is sent");
  await ada.say("before");
  await ada.sees("before");
  await context.setOffline(true);
  await ada.state("offline");
  assert.equal(await told.count(), 0);
  await ada.say("in the tunnel");
  await told.waitFor();
  await context.setOffline(false);
  await ada.sees("in the tunnel");
  await told.waitFor({ state: "detached" });
  await ada.leave();
});

test("a room's name may hold what an address cannot, and is the same room over the original protocol", async () => {
  const id = randomUUID();
  for (const name of [`${id}#b`, `${id}?a=b`, `caf\u00e9 ${id}`, `${id}@a,b;c`, `${id}%`]) {
    const ada = await Visitor.at(app.browser, new URL(`/${encodeURIComponent(name)}`, app.url));
    await ada.say(`hello ${name}`);
    await ada.sees(name);
    await ada.page.getByRole("heading", { name }).waitFor();
    const eve = new Guest(app.url, new URL(ada.page.url()).pathname.slice(1));
    assert.deepEqual(await eve.history(), [`hello ${name}`]);
    eve.leave();
    await ada.leave();
  }
});
