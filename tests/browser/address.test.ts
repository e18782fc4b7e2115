// Addresses: what a person sees as one address is one room, and older links lead where they did.


import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { Guest } from "../support/chat.ts";

const app = serveApp();

/** Returns the path that the address bar shows. */
const path = (visitor: Visitor): string => new URL(visitor.page.url()).pathname;

test("addresses that a person cannot tell apart lead to one room, and the address bar shows its one address", async () => {
  const id = randomUUID();
  const rooms: [canonical: string, ...others: string[]][] = [
    [`/caf%C3%A9-${id}`, `/caf\u00e9-${id}`, `/cafe\u0301-${id}`, `/cafe%CC%81-${id}`, `/%63af%c3%a9-${id}/`],
    [`/it's-${id}`, `/it%27s-${id}`],
    [`/a%40b-${id}`, `/a@b-${id}`],
    [`/a%25-${id}`, `/a%-${id}`],
  ];
  for (const [canonical, ...others] of rooms) {
    const ada = await Visitor.at(app.browser, new URL(canonical, app.url));
    assert.equal(path(ada), canonical);
    await ada.say(`hello ${canonical}`);
    await ada.sees(canonical);
    for (const other of others) {
      const bob = await Visitor.at(app.browser, app.url.origin + other);
      await bob.sees(`hello ${canonical}`);
      assert.equal(path(bob), canonical);
      await bob.leave();
    }
    const eve = new Guest(app.url, canonical.slice(1));
    assert.deepEqual(await eve.history(), [`hello ${canonical}`]);
    eve.leave();
    await ada.leave();
  }
});

test("an address with more than a room's name becomes the room's, with what is asked of the page", async () => {
  const id = randomUUID();
  const ada = await Visitor.at(app.browser, new URL(`/${id}/b/c?from=mail#end`, app.url));
  const { pathname, search, hash } = new URL(ada.page.url());
  assert.deepEqual([pathname, search, hash], [`/${id}`, "?from=mail", "#end"]);
  await ada.say("hello");
  await ada.sees("hello");
  const bob = await Visitor.at(app.browser, new URL(`/${id}`, app.url));
  await bob.sees("hello");
  await Promise.all([ada.leave(), bob.leave()]);
});

test("a room that was used under another spelling of its name is still found there", async () => {
  const id = randomUUID();
  const eve = new Guest(app.url, `cafe%CC%81-${id}`);
  await eve.history();
  await eve.insist("from before");
  eve.leave();
  const ada = await Visitor.at(app.browser, new URL(`/cafe%CC%81-${id}`, app.url));
  await ada.sees("from before");
  assert.equal(path(ada), `/cafe%CC%81-${id}`);
  await ada.leave();
});
