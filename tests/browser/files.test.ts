// Files in the chat: chosen in every way, sent, shown, and gone with their messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";
import { attach, chips, document as textFile, drop, paste, picture } from "../support/files.ts";

const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

const app = serveApp();

/** Waits until a picture is loaded, and returns it. */
async function seesPicture(page: Page, name: string) {
  const image = page.locator("article[data-state=sent]").getByRole("img", { name });
  await image.waitFor();
  await image.evaluate(async (image: HTMLImageElement) => (image.complete ? undefined : new Promise((loaded) => (image.onload = loaded))));
  assert.ok(await image.evaluate((image: HTMLImageElement) => image.naturalWidth > 0), `${name} is not loaded`);
  return image;
}

test("a picture that is pasted is seen by everyone, also after a reload, and goes with its message", async () => {
  const address = app.room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await paste(ada.page, picture("sea.png", 640, 480));
  await chips(ada.page).filter({ hasText: "sea.png" }).waitFor();
  await ada.say("the sea");
  assert.equal(await chips(ada.page).count(), 0);
  assert.equal(await ada.input.inputValue(), "");
  await ada.page.getByRole("status").filter({ hasText: "sea.png sent" }).waitFor({ state: "attached" });

  const image = await seesPicture(bob.page, "sea.png");
  assert.match(await image.evaluate((image: HTMLImageElement) => image.src), /\/parties\/chat\/[\w-]+\/files\/[\w-]{22}$/);
  const { width, height } = (await image.boundingBox()) ?? { width: 0, height: 0 };
  assert.deepEqual([Math.round(width), Math.round(height)], [320, 240]);
  const message = await bob.sees("the sea");
  assert.equal(await message.getByRole("img", { name: "sea.png" }).count(), 1, "text and picture are one message");

  await bob.page.reload();
  await bob.connected();
  const file = await (await seesPicture(bob.page, "sea.png")).evaluate((image: HTMLImageElement) => image.src);
  await ada.choose("the sea", "Delete message…");
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await bob.page.locator(".deleted").waitFor();
  assert.equal(await bob.page.getByRole("img", { name: "sea.png" }).count(), 0);
  // Past the browser's cache.
  await bob.page.waitForFunction(async (file) => (await fetch(file, { cache: "no-store" })).status === 404, file);
  for (const visitor of [ada, bob]) {
    assert.deepEqual(visitor.faults.filter((fault) => !fault.includes("404")), []);
    await visitor.leave();
  }
});

test("files that are dropped are sent one after the other, and the text goes with the first", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  await ada.input.fill("from the trip");
  await drop(ada.page, [picture("one.png"), textFile("two.txt", "x".repeat(1500)), picture("three.png")], () =>
    ada.page.getByText("Drop files here to attach them").waitFor(),
  );
  await ada.page.getByText("Drop files here").waitFor({ state: "detached" });
  await chips(ada.page).nth(2).waitFor();
  assert.deepEqual(await chips(ada.page).locator(".file-name").allInnerTexts(), ["one.png", "two.txt", "three.png"]);
  await ada.page.getByRole("button", { name: "Send" }).click();
  await seesPicture(ada.page, "three.png");
  const messages = ada.page.locator("article[data-state=sent]");
  assert.equal(await messages.count(), 3);
  assert.match(await messages.nth(0).innerText(), /from the trip/);
  await messages.nth(0).getByRole("img", { name: "one.png" }).waitFor();
  const card = messages.nth(1).getByRole("link");
  assert.match(await card.innerText(), /two\.txt/);
  assert.match(await card.innerText(), /1\.5 KB/);
  const loading = ada.page.waitForEvent("download");
  await card.click();
  assert.equal((await loading).suggestedFilename(), "two.txt");
  await ada.leave();
});

test("with the keyboard alone a file is chosen, taken away, sent, and shown large", async () => {
  const ada = await Visitor.at(app.browser, app.room());
  const { page } = ada;
  const asked = page.waitForEvent("filechooser"); // It is some time before Playwright waits for it.
  await ada.input.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await (await asked).setFiles([picture("wrong.png"), picture("sea.png", 900, 300)]);
  await chips(page).nth(1).waitFor();
  await page.getByRole("button", { name: "Remove wrong.png" }).focus();
  await page.keyboard.press("Enter");
  await chips(page).filter({ hasText: "wrong.png" }).waitFor({ state: "detached" });
  assert.ok(await ada.input.evaluate((input) => input === document.activeElement), "the focus is in the input");
  await page.keyboard.press("Enter");
  await seesPicture(page, "sea.png");

  const button = page.getByRole("button", { name: "sea.png" });
  await button.focus();
  await page.keyboard.press("Enter");
  const large = page.getByRole("dialog", { name: "sea.png" });
  await large.waitFor();
  assert.equal(await large.getByRole("link", { name: "Download" }).getAttribute("download"), "sea.png");
  await page.keyboard.press("Escape");
  await large.waitFor({ state: "detached" });
  assert.ok(await button.evaluate((button) => button === document.activeElement), "the focus is where it was");
  await ada.leave();
});

test("on a phone a picture fits, and a tap on it shows it large", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room(), PHONE);
  await attach(ada.page, picture("tall.png", 600, 2400));
  await chips(ada.page).first().waitFor();
  await ada.page.getByRole("button", { name: "Send" }).tap();
  const image = await seesPicture(ada.page, "tall.png");
  const { width, height } = (await image.boundingBox()) ?? { width: 0, height: 0 };
  assert.deepEqual([Math.round(width), Math.round(height)], [80, 320]);
  await image.tap();
  const large = ada.page.getByRole("dialog", { name: "tall.png" });
  const box = await large.getByRole("img").boundingBox();
  assert.ok(box && box.width <= 390 && box.height <= 800, "it is on the screen as a whole");
  assert.equal(await ada.page.getByRole("menu").count(), 0);
  await large.getByRole("button", { name: "Close" }).tap();
  await large.waitFor({ state: "detached" });
  const more = ada.page.getByRole("button", { name: "Message actions" });
  assert.equal(await more.evaluate((button) => getComputedStyle(button, "::before").visibility), "visible", "the menu has a button of its own");
  await more.tap();
  await ada.page.getByRole("menuitem", { name: "Delete message…" }).waitFor();
  await ada.leave();
});

test("a picture is its name where there is only text: in a reply, in the search, and in the pinned bar", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  const { page } = ada;
  await paste(page, picture("sunset.png"));
  await chips(page).first().waitFor();
  await page.keyboard.press("Enter");
  await seesPicture(page, "sunset.png");
  const message = page.locator("article", { has: page.getByRole("img", { name: "sunset.png" }) });
  const choose = async (choice: string) => {
    await message.hover();
    await message.getByRole("button", { name: "Message actions" }).click();
    await page.getByRole("menuitem", { name: choice }).click();
  };
  await choose("Reply");
  await page.locator(".replying", { hasText: "sunset.png" }).waitFor();
  await ada.say("how fine");
  await (await ada.sees("how fine")).locator(".quote", { hasText: "sunset.png" }).waitFor();
  await choose("Pin message");
  await page.locator(".pinned > .pin", { hasText: "sunset.png" }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("searchbox").fill("sunset");
  const hit = page.locator(".hit", { hasText: "sunset.png" });
  await hit.locator("mark").waitFor();
  const left = async (part: string) => (await hit.locator(part).boundingBox())?.x;
  assert.equal(await left(".hit-head"), await left(".hit-file"), "name and file stand under each other");
  await page.keyboard.press("Escape");

  await message.hover();
  await message.getByRole("button", { name: "Message actions" }).click();
  assert.equal(await page.getByRole("menuitem", { name: "Copy text" }).count(), 0, "there is no text");
  await page.keyboard.press("Escape");
  await ada.leave();
});

test("an edit keeps the file, and may leave no text", async () => {
  const ada = await Visitor.as("Ada", app.browser, app.room());
  await paste(ada.page, picture("sea.png"));
  await chips(ada.page).first().waitFor();
  await ada.say("the see");
  await seesPicture(ada.page, "sea.png");
  await ada.choose("the see", "Edit message");
  await ada.say("the sea");
  await (await ada.sees("the sea")).getByRole("img", { name: "sea.png" }).waitFor();
  await ada.choose("the sea", "Edit message");
  await ada.say("");
  await ada.page.getByText("the sea").waitFor({ state: "detached" });
  await seesPicture(ada.page, "sea.png");
  await ada.leave();
});

test("nothing moves when pictures come", async () => {
  const address = app.room();
  const ada = await Visitor.as("Ada", app.browser, address);
  for (const [width, height] of [[640, 480], [480, 640], [100, 2000], [2000, 100], [8, 8]] as const) {
    await paste(ada.page, picture(`${width}x${height}.png`, width, height), textFile(`${width}.txt`));
    await chips(ada.page).nth(1).waitFor();
    await ada.page.keyboard.press("Enter");
    await ada.page.getByRole("status").filter({ hasText: `${width}.txt sent` }).waitFor({ state: "attached" });
  }
  await ada.say("the last one");
  await ada.sees("the last one");
  for (const options of [{}, PHONE]) {
    const bob = await Visitor.at(app.browser, address, options);
    await seesPicture(bob.page, "8x8.png");
    const shift = await bob.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let sum = 0;
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
          });
          observer.observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
        }),
    );
    assert.ok(shift <= 0.01, `it has moved by ${shift}`);
    await bob.leave();
  }
  await ada.leave();
});

for (const [device, options] of [
  ["a desktop", {}],
  ["a dark phone", { ...PHONE, colorScheme: "dark" as const }],
  ["forced colours", { forcedColors: "active" as const }],
] as const) {
  test(`every state of a file is accessible, on ${device}`, async () => {
    const ada = await Visitor.as("Ada", app.browser, app.room(), { ...options, bypassCSP: true });
    const { page } = ada;
    const check = async (state: string) => assert.deepEqual(await faultsOf(page), [], state);
    await drop(page, [picture("sea.png"), textFile("notes.txt")], () => check("the drop target"));
    await chips(page).nth(1).waitFor();
    await check("chosen files");
    const held = Promise.withResolvers<void>();
    await page.route("**/files/*", async (route) => {
      await held.promise;
      await route.abort();
    });
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("progressbar", { name: "Uploading sea.png" }).waitFor();
    await check("an upload");
    held.resolve();
    const again = page.getByRole("button", { name: "Try again" });
    await again.nth(1).waitFor();
    await page.unroute("**/files/*");
    await check("an upload that failed");
    await again.first().click();
    await again.nth(1).waitFor({ state: "detached" });
    await again.click();
    await seesPicture(page, "sea.png");
    await page.getByRole("link", { name: /notes\.txt/ }).waitFor();
    await check("messages with files");
    await page.getByRole("button", { name: "sea.png" }).click();
    await page.getByRole("dialog", { name: "sea.png" }).waitFor();
    await check("a picture shown large");
    await ada.leave();
  });
}
