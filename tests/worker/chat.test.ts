// The chat in real workerd, with real `partysocket` clients.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { draft, Guest } from "../support/chat.ts";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("build/index.js", "Chat");
});

after(() => worker.close());

test("two partysocket clients talk, a third sees the history, another room none of it", async () => {
  const room = randomUUID();
  const ada = new Guest(worker.url, room);
  const bob = new Guest(worker.url, room);
  assert.deepEqual(await ada.history(), []);
  assert.deepEqual(await bob.history(), []);

  ada.say("1", "hello");
  const said = { type: "add", ...draft("1", "hello") };
  assert.deepEqual(await ada.frame(), said);
  assert.deepEqual(await bob.frame(), said);

  await worker.evict(room);
  bob.say("2", "hi Ada", "Bob");
  assert.deepEqual(await ada.frame(), { type: "add", ...draft("2", "hi Ada", "Bob") });

  const cy = new Guest(worker.url, room);
  assert.deepEqual(await cy.history(), ["hello", "hi Ada"]);
  const stranger = new Guest(worker.url, randomUUID());
  assert.deepEqual(await stranger.history(), []);
  for (const guest of [ada, bob, cy, stranger]) guest.leave();
});

test("a client of wire 2 and one of the original share a room, each on its own wire", async () => {
  const room = randomUUID();
  const original = new Guest(worker.url, room);
  const stamped = new Guest(worker.url, room, { wire: "2" });
  await Promise.all([original.history(), stamped.history()]);
  original.say("1", "hello");
  assert.deepEqual(await original.frame(), { type: "add", ...draft("1", "hello") });
  const frame = await stamped.frame();
  assert.ok(frame.type === "add" && frame.seq === 1 && typeof frame.at === "number", JSON.stringify(frame));

  original.sendFrame({ type: "update", ...draft("1", "hello all") });
  assert.deepEqual(await original.frame(), { type: "update", ...draft("1", "hello all") });
  original.leave();
  stamped.leave();
});

test("the order is the room's, the same for everyone", async () => {
  const room = randomUUID();
  const guests = Array.from({ length: 4 }, () => new Guest(worker.url, room, { wire: "2" }));
  await Promise.all(guests.map((guest) => guest.history()));
  for (const [g, guest] of guests.entries()) for (let n = 0; n < 10; n++) guest.say(`${g}-${n}`, `${g} says ${n}`);
  const heard = await Promise.all(
    guests.map(async (guest) => {
      const ids: string[] = [];
      while (ids.length < 40) {
        const frame = await guest.frame();
        assert.ok(frame.type === "add");
        assert.equal(frame.seq, ids.length + 1);
        ids.push(frame.id);
      }
      return ids;
    }),
  );
  for (const ids of heard) assert.deepEqual(ids, heard[0]);
  for (const guest of guests) guest.leave();
});

test("bad frames are answered to their sender and reach nobody else", async () => {
  const url = new URL(`/parties/chat/${randomUUID()}`, worker.url);
  const [eve, bob] = [await Client.connect(url), await Client.connect(url)];
  await Promise.all([eve.receive(), bob.receive()]);
  const bad: [string | Uint8Array, string][] = [
    ["not json", "not_json"],
    [new Uint8Array([1, 2, 3]), "binary"],
    ["[]", "invalid"],
    [JSON.stringify({ type: "add", ...draft("1", " ") }), "empty"],
    [JSON.stringify({ type: "add", ...draft("1", "x".repeat(8193)) }), "too_large"],
    ["x".repeat(1_000_000), "too_large"],
  ];
  for (const [frame, code] of bad) {
    eve.send(frame);
    const answer = JSON.parse(String(await eve.receive()));
    assert.deepEqual([answer.type, answer.code], ["error", code]);
  }
  eve.send(JSON.stringify({ type: "add", ...draft("2", "fine") }));
  assert.deepEqual(JSON.parse(String(await bob.receive())), { type: "add", ...draft("2", "fine") });
  eve.close();
  bob.close();
});

test("an address that names no party, or one that is not there, leads nowhere", async () => {
  const unknown = await worker.fetch("/parties/nobody/room");
  assert.deepEqual([unknown.status, await unknown.text()], [400, "Invalid request"]);
  const request = await worker.fetch("/parties/chat/room");
  assert.deepEqual([request.status, await request.text()], [404, "Not implemented"]);
});
