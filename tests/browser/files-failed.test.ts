// Files that are not sent, or not yet: slow uploads, lost connections, refusals, and rooms without files.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { attach, chips, document as textFile, drop, paste, picture } from "../support/files.ts";
import { root } from "../support/workerd.ts";

const app = serveApp();

const notice = (page: Page, text: string | RegExp) => page.locator(".notice", { hasText: text });

/** Holds all uploads of a page. Returns how to let them go. */
async function hold(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  await page.route("**/files/*", async (route) => {
    await held.promise;
    await route.continue().catch(() => undefined); // It may be cancelled.
  });
  return held.resolve;
}

test("an upload says how far it is, and a message that is written meanwhile does not wait for it", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const network = await page.context().newCDPSession(page);
  await paste(page, picture("large.png", 64, 48, 200_000));
  await chips(page).first().waitFor();
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 100_000 };
  await network.send("Network.emulateNetworkConditions", slow);
  await ada.say("with a large picture");
  const progress = page.getByRole("progressbar", { name: "Uploading large.png" });
  await progress.waitFor();
  await page.getByRole("status").filter({ hasText: "Uploading large.png" }).waitFor({ state: "attached" });
  await page.waitForFunction(() => {
    const bar = document.querySelector("progress");
    return bar !== null && bar.value > 0 && bar.value < bar.max;
  });
  await network.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await ada.say("meanwhile");
  await ada.sees("meanwhile");
  await ada.sees("with a large picture");
  await progress.waitFor({ state: "detached" });
  await ada.leave();
});

test("an upload that is cancelled goes back into the input, with its text", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const letGo = await hold(page);
  await paste(page, picture("one.png"), picture("two.png"));
  await chips(page).nth(1).waitFor();
  await ada.say("two pictures");
  const upload = page.locator("article[data-state=uploading]");
  await upload.filter({ hasText: "Waiting to upload" }).waitFor();
  await upload.filter({ hasText: "two pictures" }).getByRole("button", { name: "Cancel" }).click();
  await chips(page).filter({ hasText: "one.png" }).waitFor();
  assert.equal(await ada.input.inputValue(), "two pictures");
  letGo();
  await page.locator("article[data-state=sent]").getByRole("img", { name: "two.png" }).waitFor();
  assert.equal(await page.locator("article").count(), 1, "only the other one was sent");
  await ada.leave();
});

test("the browser asks before a page is left that uploads", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const letGo = await hold(page);
  await attach(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByRole("progressbar").waitFor();
  const asked = page.waitForEvent("dialog");
  await page.evaluate(() => void setTimeout(() => location.reload()));
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  letGo();
  await page.locator("article[data-state=sent]").getByRole("img", { name: "sea.png" }).waitFor();
  await page.reload(); // Nobody asks any more.
  await ada.connected();
  await ada.leave();
});

test("an upload that the reader leaves for another room goes on", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const letGo = await hold(page);
  await paste(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await ada.say("from the first room");
  await page.getByRole("progressbar").waitFor();
  await ada.enterNewRoom();
  await page.getByText("Nobody has written here yet").waitFor();
  letGo();
  await page.goBack();
  const message = await ada.sees("from the first room");
  await message.getByRole("img", { name: "sea.png" }).waitFor();
  await ada.leave();
});

test("an upload that fails says why, is tried again, and nothing of it is lost", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const refusal = { type: "error", code: "too_large", message: "the room has no space for more files" };
  await page.route("**/files/*", (route) => route.fulfill({ status: 413, json: refusal }));
  await paste(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await ada.say("look at this");
  const failed = page.locator("article[data-state=failed]", { hasText: "look at this" });
  await failed.getByText("The room has no space for this file.").waitFor();

  await failed.getByRole("button", { name: "Discard" }).click();
  await notice(page, "Discarded.").getByRole("button", { name: "Undo" }).click();
  await chips(page).filter({ hasText: "sea.png" }).waitFor();
  assert.equal(await ada.input.inputValue(), "look at this");

  await ada.input.press("Enter");
  await failed.waitFor();
  await page.unroute("**/files/*");
  await failed.getByRole("button", { name: "Try again" }).click();
  await (await ada.sees("look at this")).getByRole("img", { name: "sea.png" }).waitFor();
  await ada.leave();
});

test("a message whose file the room has lost keeps its text and its file", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  // The room answers as if it had stored the file.
  const stored = { id: "nowhere-nowhere-nowhere", name: "sea.png", type: "image/png", size: 100, width: 64, height: 48 };
  await page.route("**/files/*", (route) => route.fulfill({ status: 201, json: stored }));
  await paste(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await ada.say("look at this");
  const failed = page.locator("article[data-state=failed]", { hasText: "look at this" });
  await failed.getByText("The room does not have the file any more.").waitFor();
  await page.unroute("**/files/*");
  await failed.getByRole("button", { name: "Edit" }).click();
  await chips(page).filter({ hasText: "sea.png" }).waitFor();
  await ada.input.press("Enter");
  await (await ada.sees("look at this")).getByRole("img", { name: "sea.png" }).waitFor();
  await ada.leave();
});

test("without a connection files wait in the input", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  await page.context().setOffline(true);
  await ada.state("offline");
  await paste(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await ada.say("later");
  await notice(page, "Files can be sent when there is a connection.").waitFor();
  assert.equal(await chips(page).count(), 1);
  assert.equal(await ada.input.inputValue(), "later");
  await page.context().setOffline(false);
  await ada.state("connected");
  await ada.input.press("Enter");
  await (await ada.sees("later")).getByRole("img", { name: "sea.png" }).waitFor();
  await ada.leave();
});

test("a file that is too large or empty is refused before it is sent, and others are taken", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  const large = { ...textFile("film.mov"), buffer: Buffer.alloc(10 * 1024 * 1024 + 1) };
  await attach(page, large, textFile("nothing.txt", ""), textFile("notes.txt"));
  await notice(page, /film\.mov.* is too large: a file has at most 10 MB\..*nothing\.txt.* is empty\./).waitFor();
  await chips(page).filter({ hasText: "notes.txt" }).waitFor();
  assert.equal(await chips(page).count(), 1);
  await ada.leave();
});

test("a change of a message takes no file, and what was written before keeps its own", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  await ada.say("first");
  await ada.sees("first");
  await paste(page, picture("sea.png"));
  await chips(page).first().waitFor();
  await ada.choose("first", "Edit message");
  assert.equal(await chips(page).count(), 0);
  await paste(page, picture("other.png"));
  await notice(page, "Save the change first.").waitFor();
  await ada.say("changed");
  await ada.sees("changed");
  await chips(page).filter({ hasText: "sea.png" }).waitFor();
  assert.equal(await chips(page).count(), 1);
  await ada.choose("changed", "Reply");
  await chips(page).filter({ hasText: "sea.png" }).waitFor();
  await ada.leave();
});

test("a room without a bucket takes text only, and says so", async () => {
  const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
  const server = await DevServer.start(disk, undefined, root, []);
  try {
    const ada = await Visitor.as("Ada", app.browser, new URL("/plain", server.url));
    const { page } = ada;
    assert.equal(await page.getByRole("button", { name: "Attach files" }).count(), 0);
    await paste(page, picture("sea.png"));
    await notice(page, "This room takes text only.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await drop(page, [picture("sea.png")]);
    await notice(page, "This room takes text only.").waitFor();
    assert.equal(await chips(page).count(), 0);
    await ada.say("only text");
    await ada.sees("only text");
    await ada.leave();
  } finally {
    await server.kill();
    rmSync(disk, { recursive: true, force: true });
  }
});
