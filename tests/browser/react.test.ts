// An app in React on the packed client, in Chromium: two pages talk by the rooms of the board.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Locator, Page, WebSocket } from "playwright-core";
import { launch } from "../support/browser.ts";
import { DevServer } from "../support/dev-server.ts";
import { reactApp, type ReactApp } from "../support/react-app.ts";

const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
let server: DevServer;
let browser: Browser;
let app: ReactApp;

before(async () => {
  app = await reactApp();
  [server, browser] = await Promise.all([DevServer.start(disk, undefined, app.folder), launch()]);
});

after(async () => {
  await browser.close();
  await server.kill();
  app.remove();
  rmSync(disk, { recursive: true, force: true });
});

test("two pages in React see each other's questions, votes and names, with one connection each", async () => {
  const board = randomUUID();
  const [ada, bob] = [await User.open(board, "Ada"), await User.open(board, "Bob")];
  for (const user of [ada, bob]) await user.page.getByText("Here: Ada, Bob").waitFor();
  await ada.enter("Your question", "Why?");
  await bob.question("Ada: Why?").waitFor();
  await bob.question("Ada: Why?").getByRole("button").click();
  for (const user of [ada, bob]) await user.question("Ada: Why?").getByText("1 votes").waitFor();
  await bob.page.getByRole("button", { name: "1 votes", pressed: true }).waitFor();
  assert.equal(await ada.page.getByRole("button", { name: "1 votes", pressed: true }).count(), 0);

  await bob.enter("Your name", "Bert");
  await ada.page.getByText("Here: Ada, Bert").waitFor();
  for (const user of [ada, bob]) {
    assert.equal(user.sockets.length, 1);
    assert.deepEqual(user.faults, []);
    await user.leave();
  }
});

test("a page in React that changes its board, or leaves it, closes the connection to it", async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const [ada, bob] = [await User.open(first, "Ada"), await User.open(second, "Bob")];
  await bob.enter("Your question", "How?");
  await ada.enter("Your question", "Why?");
  await ada.question("Ada: Why?").waitFor();

  const [left] = ada.sockets;
  await Promise.all([left?.waitForEvent("close"), ada.enter("Board", second)]);
  await ada.question("Bob: How?").waitFor();
  assert.equal(await ada.question("Why?").count(), 0);
  await bob.page.getByText("Here: Ada, Bob").waitFor();
  assert.deepEqual(ada.sockets.map((socket) => socket.isClosed()), [true, false]);

  const [, current] = ada.sockets;
  await Promise.all([current?.waitForEvent("close"), ada.page.getByRole("button", { name: "Leave" }).click()]);
  await ada.page.getByRole("button", { name: "Enter" }).click();
  await ada.question("Bob: How?").waitFor();
  assert.deepEqual(ada.sockets.map((socket) => socket.isClosed()), [true, true, false]);
  for (const user of [ada, bob]) {
    assert.deepEqual(user.faults, []);
    await user.leave();
  }
});

/** Somebody with a browser profile of their own, on the page of the app. */
class User {
  readonly page: Page;
  /** The connections that the page has opened to rooms. */
  readonly sockets: WebSocket[] = [];
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("websocket", (socket) => this.sockets.push(socket));
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.faults.push(message.text()));
  }

  /** Opens the app on a board, and takes a name. */
  static async open(board: string, name: string): Promise<User> {
    const context = await browser.newContext();
    const user = new User(await context.newPage());
    await user.page.goto(new URL(`/#${board}`, server.url).href);
    await user.page.locator("[data-connection=connected]").waitFor();
    await user.enter("Your name", name);
    return user;
  }

  async enter(label: string, text: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: label });
    await field.fill(text);
    await field.press("Enter");
  }

  /** A question that the room has acknowledged. */
  question(text: string): Locator {
    return this.page.locator("li[data-pending=false]", { hasText: text });
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
