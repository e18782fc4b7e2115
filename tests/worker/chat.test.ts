// The chat in real workerd, with real `partysocket` clients.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { draft, Guest } from "../support/chat.ts";
import { Client } from "../support/client.ts";
import { Member } from "../support/member.ts";
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

test("a client of the original wire and one of the parts' share a room, each on its own wire", async () => {
  const room = randomUUID();
  const original = new Guest(worker.url, room);
  assert.deepEqual(await original.history(), []);
  const modern = new Member(worker.url, room, "Mo");
  await modern.connected();
  original.say("1", "hello");
  assert.deepEqual(await original.frame(), { type: "add", ...draft("1", "hello") });
  await modern.sees("hello");
  original.sendFrame({ type: "update", ...draft("1", "hello all") });
  assert.deepEqual(await original.frame(), { type: "update", ...draft("1", "hello all") });
  await modern.sees("hello all");

  const { id, done } = modern.room.send({ content: "welcome" });
  const { seq } = await done;
  assert.deepEqual(await original.frame(), { type: "add", id, content: "welcome", user: "Mo", role: "user" });
  await modern.room.delete(seq).done;
  const deleted = await original.frame();
  assert.ok(deleted.type === "update" && deleted.id === id, JSON.stringify(deleted));
  await modern.sees("hello all");
  original.leave();
  modern.leave();
});

test("twenty messages each way, with replies and a reaction between them, are the same for a client of the original wire", async () => {
  const room = randomUUID();
  const original = new Guest(worker.url, room);
  const modern = new Member(worker.url, room, "Mo");
  await original.history();
  await modern.connected();
  const wanted: string[] = [];
  let last = 0;
  for (let number = 0; number < 20; number++) {
    const old = draft(`${number}`, `old ${number}`);
    original.say(old.id, old.content);
    assert.deepEqual(await original.frame(), { type: "add", ...old });
    const answers = number > 0 && number % 5 === 0;
    const { id, done } = modern.room.send({ content: `new ${number}`, ...(answers && { replyTo: last }) });
    const content = answers ? `> Mo: new ${number - 1}\nnew ${number}` : `new ${number}`;
    const added = { id, content, user: "Mo", role: "user" } as const;
    assert.deepEqual(await original.frame(), { type: "add", ...added });
    wanted.push(old.content, content);
    last = (await done).seq;
    if (number !== 10) continue;
    // This wire has no reactions: its client gets the message as it has it.
    await modern.room.command({ react: { message: last, emoji: "👍", on: true } }).done;
    assert.deepEqual(await original.frame(), { type: "update", ...added });
  }
  await modern.sees(...wanted.map((text) => text.replace(/^> .*\n/, "")));
  const late = new Guest(worker.url, room);
  assert.deepEqual(await late.history(), wanted);
  for (const one of [original, late, modern]) one.leave();
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
    ["x".repeat(1_000_000), "too_long"],
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
  assert.deepEqual([request.status, JSON.parse(await request.text()).code], [404, "not_found"]);
});
