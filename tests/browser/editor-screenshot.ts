// Makes the picture in the README of the text editor from the real page: `node tests/browser/editor-screenshot.ts`,
// after `cargo xtask build --example editor`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { Writer } from "../support/editor.ts";
import { root } from "../support/workerd.ts";

const TEXT = `# Minutes

Present: Ada, Barbara, Edsger, Grace.

- The road map is published in spring, so that customers can plan with it.
- There is a budget for two conferences.
- Grace writes the first public report.

`;

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
const home = join(root, "examples/editor");
const [server, browser] = await Promise.all([DevServer.start(disk, undefined, home), launch()]);
try {
  const address = new URL("/minutes", server.url);
  const options = { viewport: { width: 1000, height: 520 }, deviceScaleFactor: 2 };
  const [ada, grace, edsger] = [
    await Writer.open(browser, address, "Ada", options),
    await Writer.open(browser, address, "Grace", options),
    await Writer.open(browser, address, "Edsger", options),
  ];
  await ada.toggle("Versions");
  for (const name of ["Agenda", "First draft"]) {
    const field = ada.page.getByRole("textbox", { name: "Name of a new version" });
    await field.fill(name);
    await field.press("Enter");
    await ada.page.getByRole("button", { name: new RegExp(`^${name}`) }).waitFor();
  }
  await ada.write(TEXT);
  await edsger.text.getByText("There is a budget").click();
  await edsger.page.keyboard.press("End");
  for (const _ of ["the full stop", "the word"]) await edsger.page.keyboard.press("Shift+Control+ArrowLeft");
  await grace.write("Next meeting: Monday at nine");
  await ada.page.locator(".cm-selected", { hasText: "conferences" }).waitFor();
  await ada.text.getByText("Monday at nine").waitFor();
  await ada.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await ada.page.screenshot({ path: join(home, "editor.png") });
} finally {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
}
