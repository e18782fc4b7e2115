// The page in a room that is spread over relays: of 600 members, or as many as the variable `LISTENERS` says.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { type ClientOptions, WebSocket } from "ws";
import { launch, Visitor } from "../support/browser.ts";
import { CLOSE_TIMEOUT_MS, within } from "../support/client.ts";
import { allLeave, Member, until } from "../support/member.ts";
import { serveDirectly } from "../support/miniflare.ts";

/** How many members only listen, and how many of them join at the same time. */
const LISTENERS = Number(process.env["LISTENERS"] ?? "600");
const TOGETHER = 50;

/** How often a listener says that it is there, as clients do. */
const PING_MS = 30_000;

/** Above how many connections the room is spread. A relay has half of that. */
const RELAYS_ABOVE = LISTENERS / 2;
const RELAYS = 10;

/** The messages that are written while relays die, by several members: 30 a second. */
const MESSAGES = 300;
const WRITERS = 6;
const EVERY_MS = 33;

let worker: Awaited<ReturnType<typeof serveDirectly>>;
let browser: Browser;

before(async () => {
  const vars = { RELAYS_ABOVE: `${RELAYS_ABOVE}` };
  [worker, browser] = await Promise.all([serveDirectly(vars), launch()]);
});

after(async () => {
  allLeave();
  await browser.close();
  await worker.close();
});

/** The numbers of the messages that a member has, in their order. */
function numbered(member: Member): number[] {
  return member.texts().flatMap((text) => [...text.matchAll(/message (\d+)\./g)].map(([, number]) => Number(number)));
}

/** A member that only listens, and comes back when its connection is lost. */
class Listener {
  #socket: WebSocket | undefined;
  #left = false;
  readonly #address: URL;
  readonly #from: string;

  /** Each comes from a network of its own: there is a limit for one. */
  constructor(address: URL, number: number) {
    this.#address = address;
    this.#from = `2001:db8:0:${number.toString(16)}::1`;
  }

  async join(): Promise<void> {
    const options: ClientOptions & { closeTimeout: number } = {
      closeTimeout: CLOSE_TIMEOUT_MS,
      headers: { "cf-connecting-ip": this.#from },
    };
    const socket = new WebSocket(this.#address, ["party"], options);
    this.#socket = socket;
    socket.on("error", () => undefined);
    const ping = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("ping"), PING_MS);
    socket.once("close", () => clearInterval(ping));
    socket.once("close", () => {
      if (!this.#left) setTimeout(() => void this.join(), 200 + Math.random() * 2_000);
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const event of ["message", "close"]) socket.once(event, () => resolve());
    await promise;
  }

  leave(): void {
    this.#left = true;
    this.#socket?.terminate();
  }
}

test("a reader of a large room sees no gap while its relays die, at 30 messages a second", async () => {
  const room = randomUUID();
  const address = new URL(`/${room}`, worker.url);
  const reader = await Visitor.as("Rea", browser, address);
  await reader.say("first");
  await reader.sees("first");

  const crowd: Listener[] = [];
  while (crowd.length < LISTENERS) {
    const joining = Array.from({ length: TOGETHER }, (_, nth) => {
      const socket = new URL(`/parties/chat/${room}?wire=2&batch=1&_pk=l${crowd.length + nth}`, worker.url);
      socket.protocol = "ws:";
      return new Listener(socket, crowd.length + nth);
    });
    crowd.push(...joining);
    await Promise.all(joining.map((listener) => listener.join()));
  }
  const count = reader.page.locator(".tools .count");
  const members = async (): Promise<number> => Number((await count.textContent())?.replaceAll(/\D/g, "") ?? "0");
  await reader.page.waitForFunction(
    (wanted) => Number(document.querySelector(".tools .count")?.textContent?.replaceAll(/\D/g, "")) > wanted,
    LISTENERS,
    { timeout: 120_000 },
  );
  assert.ok((await members()) > LISTENERS);

  const writers = Array.from({ length: WRITERS }, (_, nth) => new Member(worker.url, room, `W${nth}`));
  await Promise.all(writers.map((writer) => writer.connected()));
  const written = Promise.withResolvers<void>();
  let next = 0;
  const writing = setInterval(() => {
    writers[next % WRITERS]?.say(`message ${next}.`);
    next += 1;
    if (next < MESSAGES) return;
    clearInterval(writing);
    written.resolve();
  }, EVERY_MS);
  // Each relay dies once while they write: that of the reader is among them.
  for (let relay = 0; relay < RELAYS; relay++) await worker.kill(`${room}/~relay/${relay}`);
  await within("all messages", written.promise, 60_000);
  await Promise.all(writers.map((writer) => writer.settled()));

  await reader.page.waitForFunction(
    (least) => {
      const texts = [...document.querySelectorAll("article[data-state=sent]")].map((article) => article.textContent ?? "");
      return texts.filter((text) => /message \d+\./.test(text)).length >= least;
    },
    100,
    { timeout: 60_000 },
  );
  await reader.sees(`message ${MESSAGES - 1}.`);
  const numbers = await reader.page.evaluate(() =>
    [...document.querySelectorAll("article[data-state=sent]")].flatMap((article) =>
      [...(article.textContent ?? "").matchAll(/message (\d+)\./g)].map(([, number]) => Number(number)),
    ),
  );
  // The room gives messages of different members their order. The page draws the last ones.
  const [writer] = writers;
  assert.ok(writer);
  await until("all messages", writer.room.log, () => numbered(writer).length === MESSAGES);
  assert.equal(new Set(numbered(writer)).size, MESSAGES, "each is there once");
  assert.deepEqual(numbers, numbered(writer).slice(-numbers.length));
  await reader.say("still here");
  await reader.sees("still here");
  assert.deepEqual(reader.faults.filter((fault) => !/WebSocket|1006|1012/.test(fault)), []);
  for (const listener of crowd) listener.leave();
  await reader.leave();
});
