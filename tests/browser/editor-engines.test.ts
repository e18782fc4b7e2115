// The example of a text editor in the engines of Firefox and of Safari, together with somebody in Chromium.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { BrowserWindow, RunningBrowser } from "../support/browser-window.ts";
import { DevServer } from "../support/dev-server.ts";
import { type Engine, engines } from "../support/engines.ts";
import { Gate } from "../support/gate.ts";
import { root } from "../support/workerd.ts";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
const [chromium, ...others] = engines() as [Engine, ...Engine[]];
let server: DevServer;
let gate: Gate;

before(async () => {
  server = await DevServer.start(disk, undefined, join(root, "examples/editor"));
  gate = await Gate.to(server.url);
});

after(async () => {
  await gate.shut();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
});

/** Opens a text, and waits until it can be written. */
async function open(window: BrowserWindow, text: URL): Promise<void> {
  await window.open(text);
  await state(window, "connected");
}

function state(window: BrowserWindow, state: "connected" | "offline"): Promise<void> {
  return window.sees({ selector: `header[data-connection=${state}]` });
}

/** Waits until a window shows this as the first line of the text. */
function reads(window: BrowserWindow, line: string): Promise<void> {
  return window.sees({ selector: "h1", text: line });
}

/** Writes where the cursor is. */
async function write(window: BrowserWindow, text: string): Promise<void> {
  await window.click({ selector: ".editor" });
  await window.type(text);
}

for (const engine of others) {
  describe(`in ${engine.name}`, () => {
    const running: RunningBrowser[] = [];
    let ada: BrowserWindow;
    let bob: BrowserWindow;
    before(async () => {
      running.push(await engine.launch(), await chromium.launch());
      [ada, bob] = (await Promise.all(running.map((browser) => browser.window()))) as [BrowserWindow, BrowserWindow];
    });
    after(() => Promise.all(running.map((browser) => browser.close())));

    test("two people write in one text, and see each other", async () => {
      const text = new URL(`/${randomUUID()}`, gate.url);
      for (const window of [ada, bob]) await open(window, text);
      await write(ada, "milk");
      await reads(bob, "milk");
      await bob.type("eggs, "); // Its cursor is at the beginning.
      for (const window of [ada, bob]) {
        await reads(window, "eggs, milk");
        await window.sees({ role: "button", name: "2 people here" });
        assert.deepEqual(await window.faults(), []);
      }
    });

    test("a text that was written without a network is kept over a reload, and put together with that of others", async () => {
      const text = new URL(`/${randomUUID()}`, gate.url);
      for (const window of [ada, bob]) await open(window, text);
      await ada.run(() => navigator.serviceWorker.ready.then(() => undefined));
      await write(ada, "milk");
      await reads(bob, "milk");
      await gate.shut();
      try {
        for (const window of [ada, bob]) await state(window, "offline");
        await ada.type(" and tea");
        await bob.type("eggs, ");
        await ada.reload();
        await state(ada, "offline");
        await reads(ada, "milk and tea");
      } finally {
        await gate.open();
      }
      for (const window of [ada, bob]) {
        await reads(window, "eggs, milk and tea");
        await state(window, "connected");
        assert.deepEqual(await window.faults(), []);
      }
    });
  });
}
