// The example of a text editor in Chromium: several people in one text, with and without a connection.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { faultsOf } from "../support/axe.ts";
import { launch } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { Writer } from "../support/editor.ts";
import { root } from "../support/workerd.ts";

const HOME = join(root, "examples/editor");
const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
let server: DevServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([DevServer.start(disk, undefined, HOME), launch()]);
});

after(async () => {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
});

/** The address of a text that nobody has seen. */
const fresh = () => new URL(`/${randomUUID()}`, server.url);

test("two people write in one text, and each sees the text, the name and the cursor of the other", async () => {
  const address = fresh();
  const [ada, bob] = [await Writer.open(browser, address, "Ada"), await Writer.open(browser, address, "Bob")];
  await ada.write("# Shopping\nmilk");
  await bob.reads("# Shopping\nmilk");
  await bob.write(", eggs");
  await ada.reads("# Shopping\nmilk, eggs");
  await bob.page.keyboard.press("Shift+Home");
  await ada.page.locator(".cm-selected", { hasText: "milk, eggs" }).waitFor();
  await ada.page.locator(".cm-caret", { hasText: "Bob" }).waitFor();
  await bob.page.locator(".cm-caret", { hasText: "Ada" }).waitFor();
  assert.equal(await ada.page.title(), "Shopping");
  await bob.page.getByRole("heading", { name: "Shopping" }).waitFor();

  await ada.toggle("people");
  const list = ada.page.getByRole("list", { name: "Who is here" });
  await list.getByText("Bob").waitFor();
  assert.deepEqual(await list.locator(".name").allInnerTexts(), ["Ada", "Bob"]);
  await bob.leave();
  await list.getByText("Bob").waitFor({ state: "detached" });
  await ada.page.locator(".cm-caret").waitFor({ state: "detached" });
  assert.deepEqual([ada.faults, bob.faults], [[], []]);
  await ada.leave();
});

test("undo takes back the own words only", async () => {
  const address = fresh();
  const [ada, bob] = [await Writer.open(browser, address, "Ada"), await Writer.open(browser, address, "Bob")];
  await ada.write("from Ada");
  await bob.reads("from Ada");
  await bob.write(", from Bob");
  await ada.reads("from Ada, from Bob");
  await ada.page.keyboard.press("ControlOrMeta+z");
  for (const writer of [ada, bob]) await writer.reads(", from Bob");
  await ada.page.keyboard.press("ControlOrMeta+y");
  for (const writer of [ada, bob]) await writer.reads("from Ada, from Bob");
  for (const writer of [ada, bob]) await writer.leave();
});

test("changes without a network are kept over a reload, and put together with those of others when it is back", async () => {
  const address = fresh();
  const [ada, bob] = [
    await Writer.open(browser, address, "Ada", { serviceWorkers: "allow" }),
    await Writer.open(browser, address, "Bob"),
  ];
  await ada.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await ada.write("begin");
  await bob.reads("begin");
  await ada.context.setOffline(true);
  await ada.state("offline");
  await ada.page.getByText("Your changes are kept here, and sent when you are back.").waitFor();
  await ada.write(" Ada");
  await bob.write(" Bob");
  await ada.reads("begin Ada");
  await bob.reads("begin Bob");

  await ada.page.reload();
  await ada.state("offline");
  await ada.reads("begin Ada");
  await ada.write("!");
  await ada.reads("begin Ada!");
  await ada.context.setOffline(false);
  await ada.state("connected");
  // Which of the two comes first is the same for both.
  for (const writer of [ada, bob]) await writer.reads("begin Ada! Bob", "begin Bob Ada!");
  assert.deepEqual([ada.faults, bob.faults], [[], []]);
  for (const writer of [ada, bob]) await writer.leave();
});

test("a version that is saved without a network keeps its name in the field until it can be saved", async () => {
  const ada = await Writer.open(browser, fresh(), "Ada");
  await ada.toggle("Versions");
  const name = ada.page.getByRole("textbox", { name: "Name of a new version" });
  await name.fill("before the review");
  await ada.context.setOffline(true);
  await ada.state("offline");
  await name.press("Enter");
  await ada.page.getByText("There is no connection. Try again when it is back.").waitFor();
  assert.equal(await name.inputValue(), "before the review");
  await ada.context.setOffline(false);
  await ada.state("connected");
  await name.press("Enter");
  await ada.page.getByRole("button", { name: /^before the review/ }).waitFor();
  assert.equal(await name.inputValue(), "");
  await ada.leave();
});

test("after the server was killed the text is there, and what was written in the meantime arrives", async () => {
  const address = fresh();
  const [ada, bob] = [await Writer.open(browser, address, "Ada"), await Writer.open(browser, address, "Bob")];
  await ada.write("before");
  await bob.reads("before");
  await server.kill();
  await ada.state("offline");
  await ada.write(", meanwhile");
  server = await DevServer.start(disk, Number(server.url.port), HOME);
  for (const writer of [ada, bob]) await writer.reads("before, meanwhile");
  for (const writer of [ada, bob]) await writer.state("connected");
  for (const writer of [ada, bob]) await writer.leave();
});

test("the link for readers shows the text and everyone in it, and nothing can be written there", async () => {
  const ada = await Writer.open(browser, fresh(), "Ada");
  await ada.write("only read this");
  const link = await ada.link("reading");
  assert.match(link.pathname, /^\/read\/[\w-]{43}$/);
  assert.deepEqual(await ada.link("writing"), new URL(ada.page.url()));

  const eve = await Writer.open(browser, link, "Eve");
  await eve.page.getByText("Read only").waitFor();
  await eve.reads("only read this");
  await eve.text.click();
  await eve.page.keyboard.type("Eve was here");
  await eve.page.keyboard.press("ControlOrMeta+x");
  await eve.reads("only read this");
  await eve.toggle("Share");
  assert.equal(await eve.page.getByRole("textbox", { name: /^Link for/ }).count(), 1);
  await eve.toggle("Versions");
  await eve.page.getByText("No versions yet").waitFor();
  assert.equal(await eve.page.getByRole("button", { name: "Save" }).count(), 0);
  await ada.toggle("people");
  await ada.page.getByRole("listitem").filter({ hasText: "Evereads" }).waitFor();
  await ada.write("!");
  await eve.reads("only read this!");

  // Also after it was away, and with what its browser has kept.
  await eve.page.reload();
  await eve.state("connected");
  await eve.reads("only read this!");
  assert.deepEqual([ada.faults, eve.faults], [[], []]);
  for (const writer of [ada, eve]) await writer.leave();
});

test("a version is saved, looked at, restored and deleted, and everyone sees that at once", async () => {
  const ada = await Writer.open(browser, fresh(), "Ada");
  const eve = await Writer.open(browser, await ada.link("reading"), "Eve");
  await eve.toggle("Versions");
  await ada.write("the first words");
  await ada.toggle("Versions");
  const name = ada.page.getByRole("textbox", { name: "Name of a new version" });
  await name.fill("First words");
  await name.press("Enter");
  await eve.page.getByRole("button", { name: /^First words/ }).waitFor();
  await ada.write(", and many more");
  await eve.reads("the first words, and many more");

  await eve.page.getByRole("button", { name: /^First words/ }).click();
  const shown = eve.page.getByRole("region", { name: "Text of the version" });
  await shown.getByText("the first words", { exact: true }).waitFor();
  assert.equal(await eve.page.getByRole("button", { name: "Restore" }).count(), 0);
  await eve.page.getByRole("button", { name: "Back to the text" }).click();

  await ada.page.getByRole("button", { name: /^First words/ }).click();
  await ada.page.getByRole("button", { name: "Restore" }).click();
  for (const writer of [ada, eve]) await writer.reads("the first words");
  await eve.page.getByRole("button", { name: /^Before the restore/ }).click();
  await shown.getByText("the first words, and many more").waitFor();

  await ada.page.getByRole("button", { name: /^Before the restore/ }).click();
  await ada.page.getByRole("button", { name: "Delete" }).click();
  await ada.page.getByRole("button", { name: "Really delete" }).click();
  // Nobody looks at a version that is gone.
  await shown.waitFor({ state: "detached" });
  await eve.page.getByRole("button", { name: /^Before the restore/ }).waitFor({ state: "detached" });
  assert.deepEqual([ada.faults, eve.faults], [[], []]);
  for (const writer of [ada, eve]) await writer.leave();
});

test("a text that is too large for the room is refused with the reason, and goes on when it is shorter", async () => {
  const address = fresh();
  const [ada, bob] = [await Writer.open(browser, address, "Ada"), await Writer.open(browser, address, "Bob")];
  const line = `${"x".repeat(99)}\n`;
  // More than an update may have, and more than a message may have.
  for (const lines of [10_100, 12_000]) {
    await ada.text.click();
    await ada.paste(line.repeat(lines));
    await ada.page.getByText("The room has not accepted what you wrote last.").waitFor();
    await ada.page.getByText("Not accepted", { exact: true }).waitFor();
    await ada.page.keyboard.press("ControlOrMeta+a");
    await ada.page.keyboard.type(`${lines} lines`);
    await ada.reads(`${lines} lines`);
    await ada.page.getByRole("button", { name: "Try again" }).click();
    await bob.reads(`${lines} lines`);
    await ada.state("connected");
    await ada.page.getByText("Not accepted", { exact: true }).waitFor({ state: "detached" });
  }
  for (const writer of [ada, bob]) await writer.leave();
});

test("the bare address leads to a new text, and the name is remembered for the next one", async () => {
  const ada = await Writer.open(browser, server.url, "Ada");
  assert.match(new URL(ada.page.url()).pathname, /^\/[\w-]{22}$/);
  await ada.page.getByText("Write here. Everyone with the link sees it.").waitFor();
  const other = await Writer.in(ada.context, server.url);
  assert.notEqual(other.page.url(), ada.page.url());
  await other.toggle("people");
  assert.equal(await other.page.getByRole("textbox", { name: "Your name" }).inputValue(), "Ada");
  await ada.leave();
});

test("nothing that others say of themselves gets into the page as a style or as a long name", async () => {
  const address = fresh();
  const ada = await Writer.open(browser, address, "Ada");
  const eve = await Writer.open(browser, address, "");
  await eve.page.evaluate(() => localStorage.setItem("party.editor.name", `<img src=x> ${"long ".repeat(30)}`));
  await eve.page.reload();
  await eve.state("connected");
  await eve.write("x");
  const name = ada.page.locator(".cm-name");
  await name.waitFor({ state: "attached" });
  await ada.page.waitForFunction(() => {
    const shown = document.querySelector(".editor")?.shadowRoot?.querySelector(".cm-name")?.textContent;
    return shown?.startsWith("<img src=x> long") && shown.length <= 40;
  });
  assert.deepEqual(ada.faults, []);
  for (const writer of [ada, eve]) await writer.leave();
});

test("everything can be done with the keyboard", async () => {
  const ada = await Writer.open(browser, fresh(), "Ada");
  await ada.text.focus();
  await ada.page.keyboard.type("written");
  await ada.page.keyboard.press("Shift+Tab");
  await ada.page.keyboard.press("Shift+Tab");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("region", { name: "Versions" }).waitFor();
  for (const key of ["Tab", "Tab", "Tab", "Tab"]) await ada.page.keyboard.press(key);
  await ada.page.keyboard.type("by keys");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("button", { name: /^by keys/ }).waitFor();
  await ada.page.keyboard.press("Tab");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("region", { name: "Text of the version" }).getByText("written").waitFor();
  await ada.leave();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    test(`axe finds no fault on the page, and nothing sticks out at the side, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
      const address = fresh();
      const options = { viewport, colorScheme, bypassCSP: true };
      const ada = await Writer.open(browser, address, "Ada", options);
      const check = async (where: string, writer = ada) => {
        await writer.page.evaluate(() => {
          const roots = [document, document.querySelector(".editor")?.shadowRoot];
          return Promise.all(roots.flatMap((root) => root?.getAnimations() ?? []).map(({ finished }) => finished));
        });
        assert.deepEqual(await faultsOf(writer.page), [], where);
        const fits = await writer.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
        assert.ok(fits, `fits: ${where}`);
      };
      await check("empty");
      const bob = await Writer.open(browser, address, "B".repeat(40));
      await ada.write("A title\n");
      await bob.write("a long word: " + "x".repeat(200));
      await ada.page.locator(".cm-caret").waitFor();
      await check("two people");
      for (const panel of ["people", "Share", "Versions"] as const) {
        await ada.toggle(panel);
        await check(panel);
      }
      await ada.page.getByRole("textbox", { name: "Name of a new version" }).fill("n".repeat(100));
      await ada.page.getByRole("button", { name: "Save" }).click();
      await ada.page.getByRole("button", { name: /^nnn/ }).click();
      await ada.page.getByRole("button", { name: "Delete" }).click();
      await check("a version");
      await ada.page.getByRole("button", { name: "Back to the text" }).click();
      await ada.toggle("Versions");
      await ada.text.click();
      await ada.page.keyboard.press("ControlOrMeta+f");
      await ada.page.getByRole("textbox", { name: "Find" }).fill("long");
      await check("the search");
      await ada.context.setOffline(true);
      await ada.state("offline");
      await check("offline");

      const eve = await Writer.open(browser, await bob.link("reading"), "Eve", options);
      await check("a reader", eve);
      for (const writer of [ada, bob, eve]) await writer.leave();
    });
  }
}
