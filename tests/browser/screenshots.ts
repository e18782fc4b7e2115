// Makes the pictures of the documentation from the real app: `node tests/browser/screenshots.ts`, after
// `cargo xtask build`.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, Visitor } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { root } from "../support/workerd.ts";

const CONVERSATION: [who: 0 | 1, text: string][] = [
  [0, "Morning! I put the seating plan up: https://example.com/plan"],
  [1, "Looks good. Two things:\n- the band needs the **corner by the window**\n- my aunt should not sit next to the band"],
  [0, "Ha, understood. Corner for the band, garden side for the aunt."],
];

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
const images = join(root, "docs/images");
mkdirSync(images, { recursive: true });
const [server, browser] = await Promise.all([DevServer.start(disk), launch()]);
try {
  const address = new URL("/garden-party", server.url);
  const ada = await Visitor.as("Ada", browser, address, { viewport: { width: 1000, height: 700 }, deviceScaleFactor: 2 });
  const phone = { viewport: { width: 390, height: 700 }, colorScheme: "dark", deviceScaleFactor: 2 } as const;
  const bob = await Visitor.as("Grace", browser, address, phone);
  const cy = await Visitor.as("Linus", browser, address);
  for (const [who, text] of CONVERSATION) {
    await (who === 0 ? ada : bob).say(text);
    for (const visitor of [ada, bob]) await visitor.sees(text.slice(0, 16));
  }
  await ada.chooseInMenu("Room settings");
  await ada.page.getByRole("textbox", { name: "Name" }).fill("Garden party");
  await ada.page.getByRole("textbox", { name: "Topic" }).fill("Saturday at six, bring a chair");
  await ada.page.getByRole("button", { name: "Save" }).click();
  await ada.choose("seating plan", "Pin message");
  await bob.page.getByRole("region", { name: "Pinned messages" }).waitFor();
  await ada.log.press("End");
  await bob.choose("Ha, understood", "Reply");
  await bob.say("Perfect. I will bring the lights at five, @Ada.");
  await ada.sees("Perfect");
  await cy.input.pressSequentially("I");
  for (const visitor of [ada, bob]) await visitor.page.getByText("is typing…").waitFor();
  await ada.input.focus();
  for (const visitor of [ada, bob]) await visitor.page.mouse.move(0, 300); // Nothing is pointed at.
  await ada.page.screenshot({ path: join(images, "chat.png") });
} finally {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
}
