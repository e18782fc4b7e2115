// Bans: who is told what, and how a moderator takes one back.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { isolated } from "../../chat/client/isolated.ts";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";

const app = serveApp();
const { room } = app;

/** Bans a member that has written something, by the menu of its message. */
async function ban(moderator: Visitor, text: string): Promise<void> {
  await moderator.choose(text, "Ban…");
  await moderator.page.getByRole("button", { name: "Ban", exact: true }).click();
  await moderator.page.getByText("is banned.").waitFor();
}

test("a moderator finds a banned member in the list of people, also after a reload, and takes the ban back", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await bob.say("nonsense");
  await ada.sees("nonsense");
  await ban(ada, "nonsense");
  await bob.state("closed");
  await ada.page.getByRole("button", { name: "Dismiss" }).click();
  await ada.page.reload();
  await ada.connected();

  await ada.page.getByRole("button", { name: "1 person here" }).click();
  const banned = ada.page.getByRole("list", { name: "Banned" });
  await banned.getByText("Bob").waitFor();
  await banned.getByRole("button", { name: `Unban ${isolated("Bob")}` }).click();
  await ada.page.getByText(`${isolated("Bob")} can join again.`).waitFor();
  await banned.waitFor({ state: "detached" });
  await bob.page.reload();
  await bob.sees("nonsense");
  await Promise.all([ada.leave(), bob.leave()]);
});

test("everyone sees who has deleted a message, also after a reload", async () => {
  const address = room();
  const [ada, bob, cy] = [
    await Visitor.as("Ada", app.browser, address),
    await Visitor.as("Bob", app.browser, address),
    await Visitor.as("Cy", app.browser, address),
  ];
  for (const text of ["one", "two", "three", "four"]) await bob.say(text);
  const remove = async (visitor: Visitor, text: string) => {
    await visitor.sees(text);
    await visitor.choose(text, "Delete message…");
    await visitor.page.getByRole("button", { name: "Delete", exact: true }).click();
  };
  await remove(ada, "one");
  await remove(ada, "two");
  await remove(bob, "three");
  const sentences = async (visitor: Visitor, ...expected: string[]) => {
    for (const sentence of expected) await visitor.page.getByText(sentence, { exact: true }).waitFor();
    assert.equal(await visitor.page.locator("p.deleted").count(), expected.length);
  };
  for (const visit of ["live", "reloaded"]) {
    await sentences(ada, "You deleted 2 messages", `${isolated("Bob")} deleted this message`);
    await sentences(bob, `${isolated("Ada")} (moderator) deleted 2 of your messages`, "You deleted this message");
    await sentences(cy, `${isolated("Ada")} (moderator) deleted 2 messages`, `${isolated("Bob")} deleted this message`);
    if (visit === "live") for (const visitor of [ada, bob, cy]) await visitor.page.reload();
  }
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});

test("another moderator takes a ban back by the menu of a message", async () => {
  const address = room();
  const [ada, bob, cy] = [
    await Visitor.as("Ada", app.browser, address),
    await Visitor.as("Bob", app.browser, address),
    await Visitor.as("Cy", app.browser, address),
  ];
  await ada.moderate("Cy", "Make moderator");
  await bob.say("nonsense");
  await ada.sees("nonsense");
  await ban(ada, "nonsense");
  await bob.state("closed");
  await cy.choose("nonsense", "Unban");
  await cy.page.getByText(`${isolated("Bob")} can join again.`).waitFor();
  await bob.page.reload();
  await bob.sees("nonsense");
  await ada.page.getByRole("button", { name: "3 people here" }).click();
  await ada.page.getByRole("list", { name: "People" }).waitFor();
  assert.equal(await ada.page.getByRole("list", { name: "Banned" }).count(), 0);
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});

test("a confirmation goes by itself, unless it is pointed at, and an error stays", async () => {
  const address = room();
  const context = await app.browser.newContext();
  await context.clock.install();
  const ada = await Visitor.in(context, address);
  await ada.rename("Ada");
  const bob = await Visitor.as("Bob", app.browser, address);
  await ada.moderate("Bob", "Make moderator");
  const told = ada.page.getByText("is a moderator now.");
  await told.hover();
  await context.clock.runFor(25_000);
  assert.equal(await told.count(), 1);
  await ada.page.mouse.move(0, 300);
  await context.clock.runFor(25_000);
  await told.waitFor({ state: "detached" });
  await ada.connected(); // To the page, that was most of a minute in which it heard nothing.

  const cy = await Visitor.as("Cy", app.browser, address);
  await cy.say("hello");
  const article = await ada.sees("hello");
  await article.hover();
  await article.getByRole("button", { name: "Message actions" }).click();
  assert.equal(await ada.page.getByRole("menuitem").last().innerText(), "Delete message…");
  await bob.moderate("Cy", "Make moderator");
  await cy.moderate("Ada", "Remove");
  const refused = cy.page.getByRole("alert").getByText("to the founder of the room");
  await refused.waitFor();
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});

test("the focus is in the input again after a mute, and after a removal", async () => {
  const address = room();
  const [ada, bob] = [await Visitor.as("Ada", app.browser, address), await Visitor.as("Bob", app.browser, address)];
  await bob.input.focus();
  await ada.moderate("Bob", "Mute permanently");
  await bob.page.getByText("has muted you").waitFor();
  await ada.moderate("Bob", "Unmute");
  await bob.page.getByText("has muted you").waitFor({ state: "detached" });
  await bob.page.waitForFunction(() => document.activeElement?.matches("textarea"));
  await ada.moderate("Bob", "Remove");
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.page.waitForFunction(() => document.activeElement?.matches("textarea"));
  await Promise.all([ada.leave(), bob.leave()]);
});

test("a banned member and somebody from the same address are each told their own reason, and what can be done", async () => {
  const address = room();
  const [ada, bob, cy] = [
    await Visitor.as("Ada", app.browser, address),
    await Visitor.as("Bob", app.browser, address),
    await Visitor.as("Cy", app.browser, address),
  ];
  await bob.say("nonsense");
  await ada.sees("nonsense");
  await ban(ada, "nonsense");
  for (const visit of ["closed", "refused"]) {
    for (const visitor of [bob, cy]) {
      await visitor.state("closed");
      const told = visitor.page.getByRole("alert");
      await told.getByText(visitor === bob ? "A moderator banned you" : "A moderator banned somebody who came from your address").waitFor();
      assert.match(await told.innerText(), visitor === bob ? /unless a moderator takes the ban back/ : /same household or office/, visit);
      await visitor.page.reload();
    }
  }
  await bob.page.getByRole("button", { name: "Check again" }).waitFor();
  // What the page says of the connection, one after the other.
  await bob.page.evaluate(() => {
    const seen: (string | undefined)[] = [];
    Reflect.set(globalThis, "seen", seen);
    const status = document.querySelector<HTMLElement>("[data-connection]");
    new MutationObserver(() => seen.push(status?.dataset["connection"])).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await bob.page.getByRole("button", { name: "Check again" }).click();
  await bob.page.getByText("still in force").waitFor();
  assert.deepEqual([...new Set(await bob.page.evaluate<string[]>("seen"))], ["closed"]);
  await ada.page.getByRole("button", { name: "1 person here" }).click();
  await ada.page.getByRole("button", { name: `Unban ${isolated("Bob")}` }).click();
  await ada.page.getByText("can join again.").waitFor();
  for (const visitor of [bob, cy]) {
    await visitor.page.getByRole("button", { name: "Check again" }).click();
    await visitor.sees("nonsense");
  }
  await Promise.all([ada, bob, cy].map((visitor) => visitor.leave()));
});
