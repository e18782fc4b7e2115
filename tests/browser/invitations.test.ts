// Rooms by invitation: who joins, what the others read, and the link that lets them in.

import assert from "node:assert/strict";
import { test } from "node:test";
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

const SETTING = "Only people with an invitation can join";

/** Changes whether the room is by invitation. */
async function close(moderator: Visitor, closed: boolean): Promise<void> {
  await moderator.chooseInMenu("Room settings");
  const dialog = moderator.page.getByRole("dialog", { name: "Room settings" });
  await dialog.getByRole("checkbox", { name: SETTING }).setChecked(closed);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Returns the link that the room is shared by. */
async function linkOf({ page }: Visitor): Promise<string> {
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Invite people" });
  const link = await dialog.locator(".address").innerText();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  return link;
}

for (const options of SCREENS) {
  const screen = `${options.viewport?.width} pixels wide, ${options.colorScheme}`;

  test(`a room by invitation keeps its members, and lets others in by its link (${screen})`, async () => {
    const address = room();
    const [ada, bob] = [await Visitor.as("Ada", app.browser, address, options), await Visitor.as("Bob", app.browser, address, options)];
    await ada.say("hello");
    await bob.sees("hello");
    await ada.chooseInMenu("Room settings");
    assert.deepEqual(await faultsOf(ada.page), []);
    await ada.page.keyboard.press("Escape");
    await close(ada, true);
    await bob.chooseInMenu("About this room");
    await bob.page.getByText(`${SETTING}.`).waitFor();
    await bob.page.keyboard.press("Escape");

    const link = await linkOf(bob);
    assert.match(link, new RegExp(`^${address.href}#invite=[\\w-]{22}$`));
    await bob.page.getByRole("button", { name: "Invite", exact: true }).click();
    await bob.page.getByText("Only people with this link can join.").waitFor();
    assert.equal(await bob.page.getByRole("button", { name: "New link…" }).count(), 0);
    assert.deepEqual(await faultsOf(bob.page), []);
    await bob.page.keyboard.press("Escape");

    const cy = await Visitor.refused(app.browser, address, options);
    await cy.page.getByRole("heading", { name: "This room is by invitation only" }).waitFor();
    await cy.page.getByText("Ask a member for the invitation link.").waitFor();
    assert.equal(await cy.page.getByText("hello").count(), 0);
    assert.deepEqual(await faultsOf(cy.page), []);
    await cy.page.getByRole("button", { name: "Try again" }).click();
    await cy.page.getByText("The room still needs an invitation.").waitFor();
    // The link, pasted over the address of the same page.
    await cy.page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
    await cy.sees("hello");
    await cy.page.waitForFunction(() => location.hash === "");
    for (const visitor of [bob, cy]) {
      await visitor.page.reload();
      await visitor.sees("hello");
    }
    await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
  });
}

test("a moderator makes a new link by the keyboard alone, and the old one lets nobody in", async () => {
  const address = room();
  const ada = await Visitor.as("Ada", app.browser, address, SCREENS[0]);
  const { page } = ada;
  await ada.say("hello");
  await ada.chooseInMenu("Room settings");
  const settings = page.getByRole("dialog", { name: "Room settings" });
  await settings.getByRole("textbox", { name: "Topic" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  assert.equal(await settings.getByRole("checkbox", { name: SETTING }).evaluate((box) => box === document.activeElement), true);
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await settings.waitFor({ state: "detached" });
  const old = await linkOf(ada);
  assert.match(old, /#invite=/);

  await page.getByRole("button", { name: "Invite", exact: true }).press("Enter");
  const invite = page.getByRole("dialog", { name: "Invite people" });
  await invite.getByRole("button", { name: "New link…" }).press("Enter");
  const question = page.getByRole("dialog", { name: "Make a new invitation link?" });
  await question.getByRole("button", { name: "Make a new link" }).press("Enter");
  await page.getByText("There is a new invitation link.").waitFor();
  await invite.getByText(old).waitFor({ state: "detached" });
  assert.deepEqual(await faultsOf(page), []);
  await page.keyboard.press("Escape");
  const link = await linkOf(ada);

  const bob = await Visitor.refused(app.browser, old);
  await bob.page.getByRole("heading", { name: "This invitation is not valid any more" }).waitFor();
  await bob.page.goto(link);
  await bob.sees("hello");
  await Promise.all([ada, bob].map((visitor) => visitor.leave()));
});

test("a removed member needs an invitation again, and what is new is counted for members alone", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await ada.say("hello");
  await bob.sees("hello");
  await close(ada, true);
  const link = await linkOf(ada);
  await bob.enterNewRoom();
  await ada.say("are you there?");
  await ada.sees("are you there?");
  await bob.page.goto(String(app.url));
  const visited = bob.page.locator("a.room-link");
  await visited.getByLabel("1 new message").waitFor();
  const count = await fetch(new URL(`/parties/chat${address.pathname}/count?after=0`, app.url));
  assert.equal(count.status, 401);
  await visited.click();
  await bob.sees("are you there?");

  await ada.moderate("Bob", "Remove");
  await ada.page.getByText("was removed and needs an invitation to rejoin.").waitFor();
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.page.getByRole("heading", { name: "This room is by invitation only" }).waitFor();
  await bob.page.goto("about:blank");
  await bob.page.goto(link);
  await bob.sees("are you there?");
  await close(ada, false);
  assert.equal(await linkOf(ada), address.href);
  const cy = await Visitor.at(app.browser, address);
  await cy.sees("hello");
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});
