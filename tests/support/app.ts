// The app and a browser, for the tests of one file.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";
import { DevServer } from "./dev-server.ts";

/** What there is while the tests run. */
export type App = {
  readonly url: URL;
  readonly browser: Browser;
  /** The folder with what is stored. */
  readonly disk: string;
  /** Returns the address of a room that nobody has been in. */
  room(): URL;
  /** Takes the server down without a word, and serves again what is stored, at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
};

/**
 * Serves the app and starts a browser before the tests of this file, and ends both after them. `prepare` is called when
 * both are there: another `before` of the file would not wait for them.
 */
export function serveApp(prepare?: (app: App) => Promise<void>): App {
  const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
  let server: DevServer;
  let browser: Browser;
  before(async () => {
    [server, browser] = await Promise.all([DevServer.start(disk), launch()]);
    await prepare?.(app);
  });
  after(async () => {
    await browser.close();
    await server.kill();
    rmSync(disk, { recursive: true, force: true });
  });
  const app: App = {
    get url() {
      return server.url;
    },
    get browser() {
      return browser;
    },
    disk,
    room: () => new URL(`/${randomUUID()}`, server.url),
    stop: () => server.kill(),
    async start() {
      server = await DevServer.start(disk, Number(server.url.port));
    },
  };
  return app;
}
