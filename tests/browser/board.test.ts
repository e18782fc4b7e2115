// The example of a board of questions in Chromium: asking, voting, answering, removing, with and without a connection.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { faultsOf } from "../support/axe.ts";
import { allLeave, Asker } from "../support/asker.ts";
import { Person } from "../support/board.ts";
import { launch } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { until } from "../support/member.ts";
import { root } from "../support/workerd.ts";

const HOME = join(root, "examples/board");
const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
let server: DevServer;
let browser: Browser;

before(async () => {
  [server, browser] = await Promise.all([DevServer.start(disk, undefined, HOME), launch()]);
});

afterEach(allLeave);

after(async () => {
  await browser.close();
  await server.kill();
  rmSync(disk, { recursive: true, force: true });
});

/** The address of a board that nobody has been on. */
const fresh = () => new URL(`/${randomUUID()}`, server.url);

test("two people ask and vote, the order follows the votes, and a moderator answers and removes", async () => {
  const address = fresh();
  const ada = await Person.open(browser, address, "Ada");
  await ada.page.getByText("You moderate").waitFor();
  const bob = await Person.open(browser, address, "Bob");
  await ada.page.getByText("2 here").waitFor();
  await bob.ask("First?");
  await bob.ask("Second?");
  for (const person of [ada, bob]) for (const text of ["First?", "Second?"]) await person.sees(text);
  assert.deepEqual(await ada.texts("Open"), ["First?", "Second?"]);

  await ada.upvote("Second?");
  await ada.seesVotes("Second?", 1, true);
  await bob.seesVotes("Second?", 1);
  assert.deepEqual(await bob.texts("Open"), ["Second?", "First?"]);
  await bob.upvote("Second?");
  await bob.seesVotes("Second?", 2, true);
  await ada.seesVotes("Second?", 2, true);

  assert.equal(await bob.page.getByRole("button", { name: "Mark answered" }).count(), 0);
  await ada.question("Second?").getByRole("button", { name: "Mark answered" }).click();
  await bob.page.getByRole("region", { name: "Answered" }).getByText("Second?").waitFor();
  assert.deepEqual(await bob.texts("Open"), ["First?"]);

  await ada.question("First?").getByRole("button", { name: "Remove" }).click();
  await ada.page.getByRole("button", { name: "Keep it" }).click();
  await ada.question("First?").getByRole("button", { name: "Remove" }).click();
  await ada.page.getByRole("button", { name: "Remove it" }).click();
  await bob.question("First?").waitFor({ state: "detached" });
  await bob.page.getByText("All questions are answered.").waitFor();
  assert.deepEqual([ada.faults, bob.faults], [[], []]);
  for (const person of [ada, bob]) await person.leave();
});

test("an author edits a question, and its votes stay", async () => {
  const address = fresh();
  const [ada, bob] = [await Person.open(browser, address, "Ada"), await Person.open(browser, address, "Bob")];
  await bob.ask("Wy?");
  await ada.sees("Wy?");
  await ada.upvote("Wy?");
  assert.equal(await ada.question("Wy?").getByRole("button", { name: "Edit" }).count(), 0);
  await bob.question("Wy?").getByRole("button", { name: "Edit" }).click();
  const field = bob.page.getByRole("textbox", { name: "Text of the question" });
  await field.fill("Why?");
  await field.press("Enter");
  await ada.seesVotes("Why?", 1, true);
  await bob.seesVotes("Why?", 1);
  for (const person of [ada, bob]) await person.leave();
});

test("a vote and a question that are written offline are shown at once, and arrive when the connection is back", async () => {
  const address = fresh();
  const [ada, bob] = [await Person.open(browser, address, "Ada"), await Person.open(browser, address, "Bob")];
  await ada.ask("Why?");
  await bob.sees("Why?");
  await bob.context.setOffline(true);
  await bob.state("offline");
  await bob.page.getByText("You are offline.").waitFor();
  await bob.upvote("Why?");
  await bob.seesVotes("Why?", 1, true);
  await bob.question("Why?").getByText("Waiting to be sent").waitFor();
  await bob.ask("How?");
  await bob.question("How?").getByText("Waiting to be sent").waitFor();
  await ada.seesVotes("Why?", 0);

  await bob.context.setOffline(false);
  await ada.sees("How?");
  await ada.seesVotes("Why?", 1);
  for (const text of ["Why?", "How?"]) await bob.sees(text);
  await bob.seesVotes("Why?", 1, true);
  for (const person of [ada, bob]) await person.leave();
});

test("after a reload, and in another tab, the questions, the own vote and the name are there", async () => {
  const address = fresh();
  const [ada, bob] = [await Person.open(browser, address, "Ada"), await Person.open(browser, address, "Bob")];
  await ada.ask("Why?");
  await ada.ask("How?");
  for (const text of ["Why?", "How?"]) await bob.sees(text);
  await bob.upvote("Why?");
  await ada.seesVotes("Why?", 1);
  await bob.page.reload();
  await bob.seesVotes("Why?", 1, true);
  const tab = await Person.in(bob.context, address);
  await tab.seesVotes("Why?", 1, true);
  await tab.seesVotes("How?", 0);
  assert.equal(await tab.page.getByRole("textbox", { name: "Your name" }).inputValue(), "Bob");
  await tab.upvote("How?");
  await bob.seesVotes("How?", 1, true);
  await ada.seesVotes("How?", 1);
  await ada.page.getByText("2 here").waitFor();
  for (const person of [ada, bob]) await person.leave();
});

test("after the server was killed votes are still there, and those of the meantime arrive", async () => {
  const address = fresh();
  const [ada, bob] = [await Person.open(browser, address, "Ada"), await Person.open(browser, address, "Bob")];
  await ada.ask("Why?");
  await bob.sees("Why?");
  await bob.upvote("Why?");
  await ada.seesVotes("Why?", 1);
  await server.kill();
  await ada.state("reconnecting");
  await ada.upvote("Why?");
  await ada.ask("How?");
  await ada.page.getByText("The connection is lost.").waitFor();

  server = await DevServer.start(disk, Number(server.url.port), HOME);
  for (const person of [ada, bob]) await person.state("connected");
  await bob.sees("How?");
  await bob.seesVotes("Why?", 2, true);
  await ada.seesVotes("Why?", 2, true);
  for (const person of [ada, bob]) await person.leave();
});

test("a question that the room refuses is shown with the reason, and can be tried again or discarded", async () => {
  const address = fresh();
  const room = address.pathname.slice(1);
  const moderator = new Asker(server.url, room, "Ada");
  await until("the moderator", moderator.room.you, (you) => you?.role === "moderator");
  const bob = await Person.open(browser, address, "Bob");
  const roster = await until("Bob", moderator.room.presence, ({ members }) => members?.size === 2);
  const member = [...(roster.members?.keys() ?? [])].find((member) => member !== moderator.room.you.value?.member) ?? "";
  await moderator.room.moderate("mute", member).done;
  await bob.ask("Why?");
  await bob.ask("How?");
  await bob.question("Why?").getByText("This question was not accepted. A moderator muted you.").waitFor();
  await bob.question("How?").getByRole("button", { name: "Discard" }).click();
  await bob.question("How?").waitFor({ state: "detached" });
  await moderator.room.moderate("unmute", member).done;
  await bob.question("Why?").getByRole("button", { name: "Try again" }).click();
  await bob.sees("Why?");
  await moderator.sees({ text: "Why?", by: "Bob", votes: 0, answered: false });
  assert.deepEqual(bob.faults, []);
  await bob.leave();
});

test("the bare address leads to a new board, and what is too long cannot be sent", async () => {
  const ada = await Person.open(browser, server.url, "Ada");
  assert.match(new URL(ada.page.url()).pathname, /^\/[\w-]{22}$/);
  await ada.page.getByText("No questions yet").waitFor();
  const field = ada.page.getByRole("textbox", { name: "Your question" });
  await field.fill("x".repeat(501));
  await ada.page.getByText("1 character too long").waitFor();
  await field.press("Enter");
  assert.ok(await ada.page.getByRole("button", { name: "Ask", exact: true }).isDisabled());
  await field.fill("two\n lines");
  await field.press("Enter");
  await ada.sees("two lines");
  await ada.leave();
});

test("a vote by the keyboard keeps the focus when its question moves up", async () => {
  const ada = await Person.open(browser, fresh(), "Ada");
  await ada.ask("First?");
  await ada.ask("Second?");
  await ada.sees("Second?");
  await ada.question("Second?").getByRole("button", { name: /^Upvote/ }).press("Enter");
  await ada.seesVotes("Second?", 1, true);
  assert.deepEqual(await ada.texts("Open"), ["Second?", "First?"]);
  assert.equal(await ada.page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Upvoted, 1 vote");
  await ada.leave();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds no fault on the page, ${colorScheme}, on a phone and on a desktop`, async () => {
    const address = fresh();
    const ada = await Person.open(browser, address, "Ada", { colorScheme, bypassCSP: true });
    assert.deepEqual(await faultsOf(ada.page), []);
    for (const text of ["One?", "Two?", "Three?"]) await ada.ask(text);
    await ada.upvote("One?");
    await ada.sees("Three?");
    await ada.question("Two?").getByRole("button", { name: "Mark answered" }).click();
    await ada.page.getByRole("region", { name: "Answered" }).getByText("Two?").waitFor();
    await ada.question("One?").getByRole("button", { name: "Edit" }).click();
    await ada.question("Three?").getByRole("button", { name: "Remove" }).click();
    for (const width of [390, 1100]) {
      await ada.page.setViewportSize({ width, height: 800 });
      assert.deepEqual(await faultsOf(ada.page), []);
      assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `fits ${width}`);
    }
    await ada.context.setOffline(true);
    await ada.state("offline");
    await ada.page.setViewportSize({ width: 390, height: 800 });
    await ada.page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
    assert.deepEqual(await faultsOf(ada.page), []);
    assert.ok(await ada.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "fits offline");
    await ada.leave();
  });
}
