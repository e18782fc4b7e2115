// Makes the picture in the README of the live cursors from the real page: `node tests/browser/cursors-screenshot.ts`,
// after `cargo xtask build --example cursors`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../support/browser.ts";
import { open } from "../support/cursors.ts";
import { DevServer } from "../support/dev-server.ts";
import { root } from "../support/workerd.ts";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
const home = join(root, "examples/cursors");
const [server, browser] = await Promise.all([DevServer.start(disk, undefined, home), launch()]);
try {
  const address = new URL("/map", server.url);
  const size = { width: 760, height: 380 };
  const watcher = await open(browser, address, { viewport: size, deviceScaleFactor: 2 });
  const others = [await open(browser, address, { viewport: size }), await open(browser, address, { viewport: size })];
  await others[0]?.mouse.move(250, 190);
  await others[1]?.mouse.move(500, 270);
  for (const name of ["Guest 2", "Guest 3"]) await watcher.locator(".cursor:visible", { hasText: name }).waitFor();
  await watcher.screenshot({ path: join(home, "cursors.png"), animations: "disabled" });
} finally {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
}
