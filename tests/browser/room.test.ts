// What the room says about itself, how others are invited, and the rooms that one knows.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { BrowserContextOptions } from "playwright-core";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();
const { room } = app;

const SCREENS: BrowserContextOptions[] = [
  { viewport: { width: 1000, height: 800 }, colorScheme: "light", bypassCSP: true },
  { viewport: { width: 390, height: 844 }, colorScheme: "dark", bypassCSP: true },
];

/** Returns the founder of a room and a member of it. */
async function together(address: URL, options: BrowserContextOptions = {}): Promise<[Visitor, Visitor]> {
  const ada = await Visitor.as("Ada", app.browser, address, options);
  return [ada, await Visitor.as("Bob", app.browser, address, options)];
}

async function accessible({ page }: Visitor): Promise<void> {
  assert.deepEqual(await faultsOf(page), []);
}

for (const options of SCREENS) {
  const screen = `${options.viewport?.width} pixels wide, ${options.colorScheme}`;

  test(`a moderator gives the room a name and a topic, and everyone sees them at once (${screen})`, async () => {
    const address = room();
    const [ada, bob] = await together(address, options);
    await ada.chooseInMenu("Room settings");
    const settings = ada.page.getByRole("dialog", { name: "Room settings" });
    await settings.getByText("Founded by Ada").waitFor();
    await accessible(ada);
    await settings.getByRole("textbox", { name: "Name" }).fill("Garden club");
    await settings.getByRole("textbox", { name: "Topic" }).fill("Tomatoes, and how to save them");
    await settings.getByRole("button", { name: "Save" }).click();
    for (const visitor of [ada, bob]) {
      await visitor.page.getByRole("heading", { level: 1, name: "Garden club" }).waitFor();
      await visitor.page.getByText("Tomatoes, and how to save them").waitFor();
      await visitor.page.waitForFunction(() => document.title.includes("Garden club"));
    }
    await bob.chooseInMenu("About this room");
    const about = bob.page.getByRole("dialog", { name: "About this room" });
    await about.getByText("Founded by Ada").waitFor();
    assert.equal(await about.getByRole("textbox").count(), 0);
    await accessible(bob);
    await bob.page.keyboard.press("Escape");
    await bob.page.reload();
    await bob.page.getByRole("heading", { level: 1, name: "Garden club" }).waitFor();
    await Promise.all([ada, bob].map((visitor) => visitor.leave()));
  });

  test(`the link is there to be copied and scanned (${screen})`, async () => {
    const ada = await Visitor.at(app.browser, room(), options);
    await ada.page.getByRole("button", { name: "Invite", exact: true }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Invite people" });
    await dialog.getByText(ada.page.url()).waitFor();
    const code = dialog.getByRole("img", { name: "QR code of the link" });
    const { width, height } = (await code.boundingBox()) ?? { width: 0, height: 0 };
    assert.ok(width >= 160 && Math.abs(width - height) < 1, `${width} x ${height}`);
    await accessible(ada);
    await ada.leave();
  });

  test(`messages are pinned for everyone, lead to their place, and are unpinned (${screen})`, async () => {
    const address = room();
    const [ada, bob] = await together(address, options);
    for (const text of ["the rules", "the plan"]) {
      await ada.say(text);
      await ada.sees(text);
      await ada.choose(text, "Pin message");
    }
    const pinned = bob.page.getByRole("region", { name: "Pinned messages" });
    await pinned.getByRole("button", { name: /Ada ?the plan/ }).first().click();
    await bob.page.locator("article.found", { hasText: "the plan" }).waitFor();
    await pinned.getByRole("button", { name: "All 2 pinned messages" }).click();
    await accessible(bob);
    assert.equal(await bob.page.getByRole("button", { name: "Unpin" }).count(), 0);
    await bob.page.keyboard.press("Escape");
    await accessible(bob);

    await ada.page.getByRole("button", { name: "All 2 pinned messages" }).click();
    await ada.page.getByRole("button", { name: "Unpin" }).first().click();
    await pinned.getByRole("button", { name: /Ada ?the rules/ }).first().waitFor();
    await ada.page.keyboard.press("Escape");
    await ada.choose("the rules", "Delete message…");
    await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
    await pinned.waitFor({ state: "detached" });
    await Promise.all([ada, bob].map((visitor) => visitor.leave()));
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`a wide page shows who is here and what is pinned beside the conversation (${colorScheme})`, async () => {
    const options = { viewport: { width: 1280, height: 800 }, colorScheme, bypassCSP: true };
    const [ada, bob] = await together(room(), options);
    await setting(ada, async (dialog) => dialog.getByRole("textbox", { name: "Topic" }).fill("Tomatoes"));
    await ada.say("the rules");
    await ada.sees("the rules");
    await ada.choose("the rules", "Pin message");
    const rail = bob.page.getByRole("complementary", { name: "About the room" });
    await rail.getByText("Tomatoes").waitFor();
    const people = rail.getByRole("region", { name: "Here" });
    await people.getByText("Ada", { exact: true }).waitFor();
    assert.deepEqual(await people.getByRole("listitem").allInnerTexts(), ["Bob\nyou", "Ada\nmoderator"]);
    await accessible(bob);
    await rail.getByRole("button", { name: /Ada ?the rules/ }).click();
    await bob.page.locator("article.found", { hasText: "the rules" }).waitFor();
    await ada.page.getByRole("complementary").getByRole("button", { name: "Unpin" }).click();
    await rail.getByRole("region", { name: "Pinned" }).waitFor({ state: "detached" });
    await bob.page.setViewportSize({ width: 1000, height: 800 });
    await rail.waitFor({ state: "hidden" });
    await Promise.all([ada, bob].map((visitor) => visitor.leave()));
  });
}

test("in a locked room only moderators write, and the others are told", async () => {
  const [ada, bob] = await together(room());
  await setting(ada, async (dialog) => dialog.getByRole("checkbox", { name: "Only moderators may write" }).check());
  await bob.page.getByText("The room is locked: only moderators may write.").waitFor();
  assert.equal(await bob.input.isDisabled(), true);
  await ada.say("order!");
  await bob.sees("order!");
  await setting(ada, async (dialog) => dialog.getByRole("checkbox", { name: "Only moderators may write" }).uncheck());
  await bob.say("thank you");
  await ada.sees("thank you");
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("in slow mode a second message waits, says so, and goes out by itself", async () => {
  const [ada, bob] = await together(room());
  await setting(ada, async (dialog) => dialog.getByRole("combobox").selectOption("10"));
  await bob.chooseInMenu("About this room");
  await bob.page.getByText("Slow mode is on: each member may write once in 10 seconds.").waitFor();
  await bob.page.keyboard.press("Escape");
  await bob.say("one");
  await ada.sees("one");
  await bob.say("two");
  await bob.page.getByText("Slow mode is on: your message is sent 10 seconds after your last one.").waitFor();
  assert.equal(await ada.page.getByText("two", { exact: true }).count(), 0);
  await ada.sees("two");
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("a new moderator is told, and finds the settings of the room", async () => {
  const [ada, bob] = await together(room());
  await ada.moderate("Bob", "Make moderator");
  await bob.page.getByText("You are a moderator of this room now.").waitFor();
  await bob.chooseInMenu("Room settings");
  await bob.page.getByRole("dialog", { name: "Room settings" }).waitFor();
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("a refused change is said, and a muted member is marked for everyone", async () => {
  const [ada, bob] = await together(room());
  await setting(ada, async (dialog) => dialog.getByRole("textbox", { name: "Name" }).fill("a\u200bb"));
  await ada.page.getByRole("alert").getByText("It has characters that cannot be seen").waitFor();
  await ada.moderate("Bob", "Mute for 10 minutes");
  await ada.seesPeople("Ada, you, moderator", "Bob, muted");
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("the rooms in which one was are listed with what is new there, and can be forgotten", async () => {
  const address = room();
  const [ada, bob] = await together(address, SCREENS[0]);
  await setting(ada, async (dialog) => dialog.getByRole("textbox", { name: "Name" }).fill("Garden club"));
  await bob.page.getByRole("heading", { level: 1, name: "Garden club" }).waitFor();
  await ada.say("hello");
  await bob.sees("hello");
  await bob.enterNewRoom();
  await bob.page.getByText("Nobody has written here yet").waitFor();
  await ada.say("are you there?");
  await ada.sees("are you there?");
  await bob.page.goto(String(app.url));
  const link = bob.page.getByRole("link", { name: /Garden club/ });
  await link.getByLabel("1 new message").waitFor();
  await accessible(bob);
  await link.click();
  await bob.sees("are you there?");
  assert.equal(bob.page.url(), String(address));
  await bob.input.fill("half a thought");

  await bob.enterNewRoom();
  await bob.chooseInMenu("My rooms");
  const dialog = bob.page.getByRole("dialog", { name: "My rooms" });
  await dialog.getByRole("link", { name: /Garden club ?Draft/ }).waitFor();
  await accessible(bob);
  await dialog.getByRole("button", { name: /Forget/ }).click();
  await dialog.getByText("are listed here").waitFor();
  await bob.page.goto(String(app.url));
  await bob.page.getByText("Nobody has written here yet").waitFor();
  assert.equal(await bob.page.getByRole("link", { name: /Garden club/ }).count(), 0);
  assert.deepEqual(bob.faults, []);
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

/** Changes a setting of the room. */
async function setting(visitor: Visitor, change: (dialog: ReturnType<Visitor["page"]["getByRole"]>) => Promise<unknown>): Promise<void> {
  await visitor.chooseInMenu("Room settings");
  const dialog = visitor.page.getByRole("dialog", { name: "Room settings" });
  await change(dialog);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}
