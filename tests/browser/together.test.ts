// People in one room: the roster, typing, edits and deletions; and how a moderator keeps order.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { isolated } from "../../chat/client/isolated.ts";
import { serveApp } from "../support/app.ts";
import { Visitor } from "../support/browser.ts";
import { Guest } from "../support/chat.ts";

const app = serveApp();

/** Returns a fresh room with some people in it, who have come in this order: the first is its moderator. */
async function roomOf(...names: string[]): Promise<Visitor[]> {
  const address = new URL(`/${randomUUID()}`, app.url);
  const visitors: Visitor[] = [];
  for (const name of names) visitors.push(await Visitor.as(name, app.browser, address));
  return visitors;
}

/** Everybody goes, and nothing has gone wrong on their pages. */
async function leave(visitors: Visitor[]): Promise<void> {
  for (const visitor of visitors) assert.deepEqual(visitor.faults, []);
  await Promise.all(visitors.map((visitor) => visitor.leave()));
}

test("everyone sees who is here, who keeps order, and who comes over the original wire", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await ada.seesPeople("Ada, you, moderator", "Bob");
  await bob.seesPeople("Bob, you", "Ada, moderator");

  const eve = new Guest(app.url, new URL(ada.page.url()).pathname.slice(1));
  await eve.history();
  eve.say("1", "hello", "Eve");
  await ada.seesPeople("Ada, you, moderator", "Bob", "Eve, guest");
  await bob.rename("Bobby");
  await ada.page.getByRole("button", { name: "3 people here" }).waitFor();
  await ada.seesPeople("Ada, you, moderator", "Bobby", "Eve, guest");
  eve.leave();
  await ada.seesPeople("Ada, you, moderator", "Bobby");
  await leave(visitors);
});

test("everyone sees who is typing, until they send, stop, or go elsewhere", async () => {
  const visitors = await roomOf("Ada", "Bob", "Cy");
  const [ada, bob, cy] = visitors as [Visitor, Visitor, Visitor];
  const typing = (text: string) => ada.page.getByText(text, { exact: true }).waitFor();
  const nobody = () => ada.page.locator(".typing:empty").waitFor({ state: "attached" });
  await bob.input.pressSequentially("hel");
  await typing(`${isolated("Bob")} is typing…`);
  await cy.input.pressSequentially("so");
  await typing(`${isolated("Bob")} and ${isolated("Cy")} are typing…`);
  assert.equal(await bob.page.getByText(`${isolated("Bob")} is typing`).count(), 0);
  await bob.input.press("Enter");
  await typing(`${isolated("Cy")} is typing…`);
  await cy.input.fill("");
  await nobody();

  await cy.input.pressSequentially("well");
  await typing(`${isolated("Cy")} is typing…`);
  await cy.input.blur();
  await nobody();
  await leave(visitors);
});

test("a message is edited in the input, everyone sees the new words, and that they are new", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await bob.say("helo");
  await ada.sees("helo");
  await bob.say("anybody here?");
  await ada.sees("anybody");
  await bob.input.fill("a thought");
  await bob.choose("helo", "Edit message");
  await bob.page.getByText("Editing your message").waitFor();
  assert.equal(await bob.input.inputValue(), "helo");
  await bob.input.fill("hello");
  await bob.input.press("Enter");
  await ada.sees("hello");
  await bob.sees("hello");
  assert.equal(await bob.input.inputValue(), "a thought");
  for (const visitor of visitors) {
    assert.deepEqual(await visitor.texts(), ["hello", "anybody here?"]);
    assert.equal(await visitor.page.locator("[data-edited]").count(), 1);
  }
  await leave(visitors);
});

test("ArrowUp in the empty input edits one's last message, and Escape leaves it as it was", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await ada.say("one");
  await bob.say("two");
  await ada.sees("two");
  await ada.sees("one");
  await ada.input.press("ArrowUp");
  await ada.page.getByText("Editing your message").waitFor();
  assert.equal(await ada.input.inputValue(), "one");
  await ada.input.fill("something else");
  // This one belongs to an input method, and ends nothing but what that is about.
  await ada.input.dispatchEvent("keydown", { key: "Escape", isComposing: true });
  await ada.page.evaluate(() => new Promise(requestAnimationFrame));
  assert.equal(await ada.input.inputValue(), "something else");
  await ada.input.press("Escape");
  await ada.page.getByText("Editing your message").waitFor({ state: "detached" });
  assert.equal(await ada.input.inputValue(), "");
  assert.deepEqual([...(await ada.texts())].sort(), ["one", "two"]);
  await leave(visitors);
});

test("a message is deleted for everyone, after a question, and the focus stays in the conversation", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await bob.say("a secret");
  await ada.sees("a secret");
  await bob.choose("a secret", "Delete message…");
  await bob.page.getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(await bob.texts(), ["a secret"]);
  await bob.choose("a secret", "Delete message…");
  await bob.page.getByRole("button", { name: "Delete", exact: true }).click();
  for (const visitor of visitors) {
    await visitor.page.getByText(visitor === bob ? "You deleted this message" : "deleted this message").waitFor();
    assert.deepEqual(await visitor.texts(), []);
  }
  await bob.page.waitForFunction(() => document.activeElement?.getAttribute("role") === "log");
  await leave(visitors);
});

test("a message can be edited by its author only, and deleted by a moderator, too", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await ada.say("mine");
  await bob.say("nonsense");
  const theirs = await bob.sees("mine");
  await theirs.hover();
  await theirs.getByRole("button", { name: "Message actions" }).click();
  await bob.page.getByRole("menuitem", { name: "Reply" }).waitFor();
  for (const name of ["Edit message", "Delete message…"]) assert.equal(await bob.page.getByRole("menuitem", { name }).count(), 0);
  await bob.page.keyboard.press("Escape");
  const article = await ada.sees("nonsense");
  await article.hover();
  await article.getByRole("button", { name: "Message actions" }).click();
  assert.equal(await ada.page.getByRole("menuitem", { name: "Edit message" }).count(), 0);
  await ada.page.getByRole("menuitem", { name: "Delete message…" }).click();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).click();
  await bob.page.getByText("(moderator) deleted your message").waitFor();
  await leave(visitors);
});

test("the keyboard alone leads from message to message and through the menu, and back", async () => {
  const visitors = await roomOf("Ada");
  const [ada] = visitors as [Visitor];
  for (const text of ["one", "two", "three"]) {
    await ada.say(text);
    await ada.sees(text);
  }
  await ada.input.press("Shift+Tab");
  await ada.page.keyboard.press("ArrowUp");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("menuitem", { name: "Edit message" }).waitFor();
  await ada.page.keyboard.press("Escape");
  await ada.page.getByRole("menu").waitFor({ state: "detached" });
  await ada.page.keyboard.press("Enter");
  await ada.page.keyboard.press("End");
  await ada.page.keyboard.press("Enter");
  await ada.page.getByRole("dialog", { name: "Delete this message?" }).waitFor();
  await ada.page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
  await ada.page.getByText("You deleted this message").waitFor();
  assert.deepEqual(await ada.texts(), ["one", "three"]);
  await leave(visitors);
});

test("a muted member sees until when, cannot write meanwhile, and keeps the draft", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await bob.input.fill("half a thought");
  await ada.moderate("Bob", "Mute for 10 minutes");
  await ada.page.getByText(`${isolated("Bob")} is muted for 10 minutes.`).waitFor();
  await bob.page.getByText(/A moderator has muted you until .*\d/).waitFor();
  assert.equal(await bob.input.isDisabled(), true);
  assert.equal(await bob.page.getByRole("button", { name: "Send" }).isDisabled(), true);

  await ada.moderate("Bob", "Unmute");
  await bob.page.getByText("A moderator has muted you").waitFor({ state: "detached" });
  assert.equal(await bob.input.inputValue(), "half a thought");
  await bob.input.press("Enter");
  await ada.sees("half a thought");
  await ada.moderate("Bob", "Mute permanently");
  await bob.page.getByText("A moderator has muted you. You can read along.").waitFor();
  await ada.page.getByRole("button", { name: "Undo" }).click();
  await bob.page.getByText("A moderator has muted you").waitFor({ state: "detached" });
  await leave(visitors);
});

test("a removed member is told so, can rejoin, and keeps the draft", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await ada.say("hello");
  await bob.sees("hello");
  await bob.input.fill("half a thought");
  await ada.moderate("Bob", "Remove");
  await bob.state("closed");
  await bob.page.getByText("A moderator removed you").waitFor();
  assert.equal(await bob.input.count(), 0);
  await ada.seesPeople("Ada, you, moderator");
  await bob.page.getByRole("button", { name: "Join again" }).click();
  await bob.connected();
  await ada.seesPeople("Ada, you, moderator", "Bob");
  assert.equal(await bob.input.inputValue(), "half a thought");
  await bob.say("here again");
  await ada.sees("here again");
  await leave(visitors);
});

test("a banned member stays out, also with a newly opened page, until the ban is taken back", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await bob.say("nonsense");
  await ada.sees("nonsense");
  await ada.choose("nonsense", "Ban…");
  const question = ada.page.getByRole("dialog", { name: `Ban ${isolated("Bob")}?` });
  await question.getByText("also keeps out others who come from the same address").waitFor();
  await question.getByRole("button", { name: "Ban" }).click();
  await bob.page.getByText("A moderator banned you").waitFor();
  await bob.page.reload();
  await bob.page.getByText("A moderator banned you").waitFor();
  assert.deepEqual(await bob.texts(), []);

  await ada.page.getByRole("button", { name: "Undo" }).click();
  await bob.page.getByRole("button", { name: "Check again" }).click();
  await bob.sees("nonsense");
  await leave(visitors);
});

test("a refused client that has written something sees it, and why it waits", async () => {
  const visitors = await roomOf("Ada", "Bob");
  const [ada, bob] = visitors as [Visitor, Visitor];
  await bob.say("nonsense");
  await ada.sees("nonsense");
  const [address, context] = [bob.page.url(), bob.page.context()];
  await context.setOffline(true);
  await bob.state("offline");
  await bob.say("from the tunnel");
  await bob.page.close();
  await ada.choose("nonsense", "Ban…");
  await ada.page.getByRole("button", { name: "Ban", exact: true }).click();
  await ada.page.getByText(`${isolated("Bob")} is banned.`).waitFor();

  await context.setOffline(false);
  const page = await context.newPage();
  await page.goto(address);
  await page.getByText("A moderator banned you").waitFor();
  await page.getByRole("button", { name: "Check again" }).waitFor();
  assert.deepEqual(await page.locator("article .bubble").allInnerTexts(), ["from the tunnel"]);
  assert.equal(await page.getByText("The beginning of this room").count(), 0);
  await leave(visitors);
});

test("a moderator can be made, who then sees what moderators can do, and be dismissed, but not who founded the room", async () => {
  const visitors = await roomOf("Ada", "Bob", "Cy");
  const [ada, bob] = visitors as [Visitor, Visitor, Visitor];
  assert.equal(await bob.page.locator("summary").count(), 0);
  await ada.moderate("Bob", "Make moderator");
  await ada.seesPeople("Ada, you, moderator", "Bob, moderator", "Cy");
  await bob.moderate("Ada", "Dismiss as moderator");
  await bob.page.getByText("or to the founder of the room").waitFor();
  await bob.moderate("Cy", "Make moderator");
  await ada.moderate("Bob", "Dismiss as moderator");
  await ada.seesPeople("Ada, you, moderator", "Bob", "Cy, moderator");
  assert.equal(await bob.page.locator("summary").count(), 0);
  await leave(visitors);
});
