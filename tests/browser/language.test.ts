// The page is in the language that the browser asks for, all of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import * as texts from "../../chat/client/texts/de/conversation.ts";
import * as first from "../../chat/client/texts/de/first.ts";
import * as notices from "../../chat/client/texts/de/notices.ts";
import * as roomTexts from "../../chat/client/texts/de/room.ts";
import { isolated } from "../../chat/client/isolated.ts";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";
import { foreignTo } from "../support/languages.ts";

const app = serveApp();
const { room } = app;

const GERMAN = { locale: "de-DE", bypassCSP: true };

/** The narrowest phone, a usual one, and a desktop. */
const SCREENS = [{ width: 320, height: 640 }, { width: 390, height: 844 }, { width: 1280, height: 800 }];

const notGerman = await foreignTo("de");
const notEnglish = await foreignTo("en");

/** A control by its text, as a button or as a link. */
const control = (within: Page | Locator, name: string): Locator => within.locator("button, a", { hasText: name });

async function say({ page }: Visitor, text: string): Promise<void> {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

/** Opens the menu of a message, and chooses from it. */
async function choose(visitor: Visitor, text: string, choice: string): Promise<void> {
  await openMenu(visitor, text);
  await visitor.page.getByRole("menuitem", { name: choice }).click();
}

async function openMenu(visitor: Visitor, text: string): Promise<void> {
  const article = await visitor.sees(text);
  await article.hover();
  await article.getByRole("button", { name: first.messageActions }).click();
}

/** Does something to a person by the list of people. */
async function moderate({ page }: Visitor, name: string, choice: string): Promise<void> {
  await page.locator(".faces").click();
  const person = page.getByRole("list", { name: roomTexts.peopleList }).getByRole("listitem").filter({ hasText: name });
  await person.locator("summary").click();
  await person.getByRole("button", { name: choice, exact: true }).click();
}

/** Opens an address under a name. */
async function named(name: string, address: URL, options = {}): Promise<Visitor> {
  const visitor = await Visitor.at(app.browser, address, { ...GERMAN, ...options });
  await visitor.page.locator(".you").click();
  await visitor.page.getByRole("dialog").getByRole("textbox").fill(name);
  await visitor.page.keyboard.press("Enter");
  await visitor.page.locator(".you", { hasText: name }).waitFor({ state: "attached" });
  return visitor;
}

/** Checks that a page is in German alone, that everyone can use it, and that nothing sticks out at its side. */
async function isGood({ page }: Visitor, state: string): Promise<void> {
  assert.deepEqual(await notGerman(page), [], state);
  assert.deepEqual(await faultsOf(page), [], state);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${state}: ${wide} pixels`);
}

test("the page is in the first language of the browser that it has, and in English if it has none", async () => {
  const languages = [
    [["de-DE"], "de"],
    [["de"], "de"],
    [["en-US"], "en"],
    [["fr-FR"], "en"],
    [["fr-CH", "de-CH", "en"], "de"],
    [["en-GB", "de"], "en"],
    [["del", "fr"], "en"],
  ] as const;
  for (const [wanted, language] of languages) {
    const context = await app.browser.newContext({ locale: wanted[0] });
    const page = await context.newPage();
    await page.addInitScript((wanted) => Object.defineProperty(navigator, "languages", { value: wanted }), wanted);
    await page.goto(room().href);
    const message = language === "de" ? "Nachricht" : "Message";
    await page.getByRole("textbox", { name: message, exact: true }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), language, wanted.join());
    await page.locator(".tools .faces").waitFor({ state: "attached" });
    const [inOther, ofOther] = language === "de" ? [notEnglish, notGerman] : [notGerman, notEnglish];
    assert.deepEqual(await ofOther(page), [], wanted.join());
    assert.ok((await inOther(page)).length > 10, wanted.join());
    await context.close();
  }
});

for (const viewport of SCREENS) {
  test(`a German page has no English sentence in what one does every day (${viewport.width} pixels wide)`, async () => {
    const ada = await named("Ada", room(), { viewport });
    const { page } = ada;
    const dialog = page.getByRole("dialog");
    await isGood(ada, "an empty room");
    await page.locator(".you").click();
    await isGood(ada, "the name");
    await page.keyboard.press("Escape");

    await say(ada, "Guten Morgen");
    await ada.sees("Guten Morgen");
    await page.locator(".separator", { hasText: "Heute" }).waitFor();
    await isGood(ada, "a message");
    await openMenu(ada, "Guten Morgen");
    assert.match(await page.getByRole("menu").locator("time").innerText(), /tag, \d+\. \p{Lu}\p{L}+ \d{4} um \d\d:\d\d$/u);
    await isGood(ada, "the menu of a message");
    await page.getByRole("menuitem", { name: texts.editMessage }).click();
    await isGood(ada, "editing");
    await say(ada, "Guten Abend");
    await page.locator(`[data-edited=${first.edited}]`).waitFor();
    await choose(ada, "Guten Abend", texts.reply);
    await isGood(ada, "answering");
    await say(ada, "Gute Nacht");
    await choose(ada, "Gute Nacht", texts.pinMessage);
    await page.locator(".pin:visible").first().waitFor();
    await choose(ada, "Gute Nacht", texts.deleteMessage);
    await isGood(ada, "a question");
    await dialog.getByRole("button", { name: texts.confirmDelete, exact: true }).click();
    await page.getByText(texts.youDeleted(1), { exact: true }).first().waitFor();
    await isGood(ada, "a deleted message");

    await page.keyboard.press("Control+k");
    await isGood(ada, "the search");
    await dialog.getByRole("searchbox").fill("abend");
    await page.getByText(texts.found(1)).waitFor();
    await isGood(ada, "what was found");
    await page.keyboard.press("Escape");
    await control(page, roomTexts.invite).click();
    await isGood(ada, "an invitation");
    await page.keyboard.press("Escape");
    for (const [at, name] of [roomTexts.roomSettings, roomTexts.notifications, roomTexts.saveAsText, roomTexts.myRooms].entries()) {
      await page.getByRole("button", { name: roomTexts.roomMenu }).click();
      if (at === 0) await isGood(ada, roomTexts.roomMenu);
      await control(page.locator("#room-menu"), name).click();
      if (name === roomTexts.saveAsText) await page.getByText(texts.saved(1)).waitFor();
      await isGood(ada, name);
      await page.keyboard.press("Escape");
    }
    await page.context().setOffline(true);
    await ada.state("offline");
    await say(ada, "Bis später");
    await page.getByText(texts.waitingToSend).waitFor({ state: "attached" });
    await isGood(ada, "without a connection");
    assert.deepEqual(ada.faults, []);
    await ada.leave();
  });

  test(`a German page has no English sentence in what a moderator does (${viewport.width} pixels wide)`, async () => {
    const address = room();
    const [ada, bob] = [await named("Ada", address, { viewport }), await named("Bob", address, { viewport })];
    await say(bob, "Unsinn");
    await ada.sees("Unsinn");
    await moderate(ada, "Bob", roomTexts.muteForMinutes);
    await ada.page.getByText(roomTexts.mutedForMinutes(isolated("Bob"))).waitFor();
    await bob.page.getByText(/^Die Moderation hat dich bis \d\d:\d\d stummgeschaltet\./).waitFor();
    await isGood(ada, "a mute");
    await isGood(bob, "muted");
    await moderate(ada, "Bob", roomTexts.unmute);
    await bob.page.getByPlaceholder(first.messageAs(isolated("Bob"))).waitFor();

    await bob.page.context().setOffline(true);
    await bob.state("offline");
    await say(bob, "zu spät");
    await moderate(ada, "Bob", roomTexts.mutePermanently);
    await ada.page.getByText(roomTexts.muted(isolated("Bob"))).waitFor();
    await bob.page.context().setOffline(false);
    await bob.page.getByText(`${texts.notDone.append} ${notices.reasons["muted"]}`).waitFor();
    await isGood(bob, "a refused message");

    await moderate(ada, "Bob", roomTexts.remove);
    await bob.page.getByRole("heading", { name: notices.removed }).waitFor();
    await isGood(bob, "removed");
    await control(bob.page, notices.joinAgain).click();
    await bob.state("connected");
    await moderate(ada, "Bob", roomTexts.ban);
    await isGood(ada, "asking for a ban");
    await ada.page.getByRole("dialog").getByRole("button", { name: roomTexts.confirmBan, exact: true }).click();
    await bob.page.getByRole("heading", { name: notices.banned }).waitFor();
    await isGood(bob, "banned");
    await ada.page.locator(".faces").click();
    await ada.page.getByRole("list", { name: roomTexts.banned }).waitFor();
    await isGood(ada, "the banned members");
    assert.deepEqual([ada.faults, bob.faults], [[], []]);
    await Promise.all([ada.leave(), bob.leave()]);
  });
}

test("a German and an English page are in one room, and each is in its own language", async () => {
  const address = room();
  const [ada, bob] = [await named("Ada", address), await Visitor.as("Bob", app.browser, address)];
  await say(ada, "Guten Morgen");
  await bob.sees("Guten Morgen");
  await bob.say("good morning");
  await ada.sees("good morning");
  await bob.input.pressSequentially("and");
  await ada.page.getByText(texts.isTyping(isolated("Bob"))).waitFor();
  await ada.page.locator("textarea").pressSequentially("und");
  await bob.page.getByText(`${isolated("Ada")} is typing…`).waitFor();
  await ada.page.getByRole("article", { name: new RegExp(`^${first.you}, \\d\\d:\\d\\d$`) }).waitFor();
  await bob.page.getByRole("article", { name: /^You, / }).waitFor();
  await moderate(ada, "Bob", roomTexts.mutePermanently);
  await bob.page.getByText("A moderator has muted you. You can read along.").waitFor();
  assert.deepEqual([await notGerman(ada.page), await notEnglish(bob.page)], [[], []]);
  await Promise.all([ada.leave(), bob.leave()]);
});

test("without a network the page opens in its language, and it keeps no other", async () => {
  const ada = await Visitor.at(app.browser, room(), { locale: "de-DE", serviceWorkers: "allow" });
  await ada.page.evaluate(async () => {
    // As an older version of the page has left it.
    await (await caches.open("party-page")).put("/dist/main.js", new Response(""));
    await navigator.serviceWorker.ready;
  });
  await ada.page.waitForFunction(async () => {
    const kept = await (await caches.open("party-page")).keys();
    const paths = kept.map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith("/dist/"));
    return paths.sort().join() === "/dist/de/main.js,/dist/de/parts.js,/dist/de/qr-code.js,/dist/style.css";
  });
  await app.stop();
  await ada.page.reload();
  await ada.page.getByRole("heading", { name: notices.noAnswerYet }).waitFor();
  assert.deepEqual(await notGerman(ada.page), []);
  await app.start();
  await ada.leave();
});
