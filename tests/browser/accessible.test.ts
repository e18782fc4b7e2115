// Everyone can use the page, on every screen.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { serveApp } from "../support/app.ts";
import { faultsOf } from "../support/axe.ts";
import { Visitor } from "../support/browser.ts";
import { Guest } from "../support/chat.ts";

/** A room in which something was said. */
let address: URL;

const app = serveApp(async (app) => {
  address = new URL(`/${randomUUID()}`, app.url);
  const bob = new Guest(app.url, address.pathname.slice(1));
  await bob.history();
  bob.say("1", "A long line without a break: " + "x".repeat(300), "Bob");
  bob.say("2", "See https://example.com/a/rather/long/address/that/must/wrap/somewhere?on=a&narrow=screen", "Bob");
  await bob.frame();
  await bob.frame();
  bob.leave();
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    const screen = `${viewport.width} pixels wide, ${colorScheme}`;

    test(`everyone can use the page: no fault of accessibility is found (${screen})`, async () => {
      for (const place of [address, new URL(`/${randomUUID()}`, app.url)]) {
        const ada = await Visitor.at(app.browser, place, { viewport, colorScheme, bypassCSP: true });
        if (place === address) await ada.sees("A long line");
        assert.deepEqual(await faults(ada), []);
        await ada.leave();
      }
    });

    test(`everyone can use what opens: people, menus, editing, questions, and what a moderator does (${screen})`, async () => {
      const place = new URL(`/${randomUUID()}`, app.url);
      const options = { viewport, colorScheme, bypassCSP: true };
      const [ada, bob] = [await Visitor.as("Ada", app.browser, place, options), await Visitor.as("Bob", app.browser, place, options)];
      await bob.say("good morning");
      await ada.say("to yourself, too");
      await bob.sees("yourself");
      await ada.sees("yourself");
      await ada.page.getByRole("button", { name: "2 people here" }).click();
      await ada.page.locator("summary").click();
      assert.deepEqual(await faults(ada), []);
      await ada.page.keyboard.press("Escape");
      for (const text of ["morning", "yourself"]) {
        const article = await ada.sees(text);
        await article.hover();
        await article.getByRole("button", { name: "Message actions" }).click();
        assert.deepEqual(await faults(ada), []);
        if (text === "morning") await ada.page.keyboard.press("Escape");
      }
      await ada.page.getByRole("menuitem", { name: "Edit message" }).click();
      assert.deepEqual(await faults(ada), []);
      await ada.input.fill("to yourself, Bob");
      await ada.input.press("Enter");
      await bob.choose("morning", "Delete message…");
      assert.deepEqual(await faults(bob), []);
      await bob.page.getByRole("button", { name: "Delete", exact: true }).click();
      await ada.page.getByText("deleted this message").waitFor();
      await ada.moderate("Bob", "Mute for 10 minutes");
      await bob.page.getByText("has muted you").waitFor();
      assert.deepEqual(await faults(bob), []);
      assert.deepEqual(await faults(ada), []);
      await ada.moderate("Bob", "Remove");
      await bob.state("closed");
      assert.deepEqual(await faults(bob), []);
      await bob.page.getByRole("button", { name: "Join again" }).click();
      await bob.state("connected");
      await ada.moderate("Bob", "Ban…");
      await ada.page.getByRole("button", { name: "Ban", exact: true }).click();
      await bob.page.getByText("A moderator banned you").waitFor();
      assert.deepEqual(await faults(bob), []);
      await ada.page.getByRole("button", { name: "1 person here" }).click();
      await ada.page.getByRole("list", { name: "Banned" }).waitFor();
      assert.deepEqual(await faults(ada), []);
      await Promise.all([ada.leave(), bob.leave()]);
    });

    test(`everyone can use what a refused message offers (${screen})`, async () => {
      const place = new URL(`/${randomUUID()}`, app.url);
      const options = { viewport, colorScheme, bypassCSP: true };
      const [ada, bob] = [await Visitor.as("Ada", app.browser, place, options), await Visitor.as("Bob", app.browser, place, options)];
      await bob.page.context().setOffline(true);
      await bob.state("offline");
      await bob.say("too late");
      await ada.moderate("Bob", "Mute permanently");
      await ada.page.getByText("is muted.").waitFor();
      await bob.page.context().setOffline(false);
      await bob.page.getByText("Not sent.").waitFor();
      assert.deepEqual(await faults(bob), []);
      await bob.page.getByRole("button", { name: "Discard" }).click();
      await bob.page.getByText("Discarded.").waitFor();
      assert.deepEqual(await faults(bob), []);
      await Promise.all([ada.leave(), bob.leave()]);
    });

    test(`nothing sticks out at the side (${screen})`, async () => {
      const ada = await Visitor.at(app.browser, address, { viewport, colorScheme });
      await ada.sees("A long line");
      const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} pixels`);
      await ada.leave();
    });
  }
}

/** Returns what axe finds on a page as it is now. */
const faults = ({ page }: Visitor): Promise<string[]> => faultsOf(page);
