// The example of live cursors in Chromium: the roster, the positions, leaving, and a room that is reconnected.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launch } from "../support/browser.ts";
import { open } from "../support/cursors.ts";
import { DevServer } from "../support/dev-server.ts";
import { root } from "../support/workerd.ts";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
let server: DevServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([DevServer.start(disk, undefined, join(root, "examples/cursors")), launch()]);
});

after(async () => {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
});

test("everyone sees who is here and where they point, also who comes later, and who leaves is gone", async () => {
  const address = new URL("/here", server.url);
  const [ada, bob] = [await open(browser, address), await open(browser, address)];
  assert.deepEqual(await names(bob), ["You", "Guest 1"]);
  await ada.mouse.move(200, 300);
  await near(bob, "Guest 1", 200, 300);

  const cy = await open(browser, address);
  await near(cy, "Guest 1", 200, 300);
  assert.deepEqual(await names(cy), ["You", "Guest 1", "Guest 2"]);
  assert.equal(await cy.locator(".cursor:visible").count(), 1);

  await ada.close();
  await cy.locator(".cursor:visible").waitFor({ state: "detached" });
  assert.deepEqual(await names(cy), ["You", "Guest 2"]);
});

test("after the server was down everyone is there again, pointing where they did", async () => {
  const address = new URL("/again", server.url);
  const [ada, bob] = [await open(browser, address), await open(browser, address)];
  await ada.mouse.move(640, 400);
  await bob.locator(".cursor:visible").waitFor();
  await server.kill();
  await bob.getByText("Reconnecting").waitFor();

  server = await DevServer.start(disk, Number(server.url.port), join(root, "examples/cursors"));
  for (const page of [ada, bob]) await page.getByText("Connected").waitFor();
  const cursor = bob.locator(".cursor:visible");
  await cursor.waitFor();
  await near(bob, await cursor.innerText(), 640, 400);
});

/** Who is here, as the page lists them. */
function names(page: Page): Promise<string[]> {
  return page.getByRole("list", { name: "Who is here" }).getByRole("listitem").allInnerTexts();
}

/** Waits until a cursor has come to rest at a place of the page. */
async function near(page: Page, name: string, x: number, y: number): Promise<void> {
  const reached = ([name, x, y]: readonly [string, number, number]): boolean => {
    const cursors = [...document.querySelectorAll<HTMLElement>(".cursor:not([hidden])")];
    const tip = cursors.find((cursor) => cursor.innerText.trim() === name)?.getBoundingClientRect();
    return tip !== undefined && Math.hypot(tip.x - x, tip.y - y) < 2;
  };
  await page.waitForFunction(reached, [name, x, y] as const);
}
