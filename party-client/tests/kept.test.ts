// Stored operations keep their order with any clock of the device, and an app is notified if its browser cannot store
// them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Memory } from "../src/index.ts";
import { browser, forbidden, storage } from "./browser.ts";
import { pass } from "./fake-socket.ts";
import { enter, entry, shown, tabs, welcome } from "./visit.ts";

const HOUR = 3_600_000;
const text = (content: string) => ({ content });

test("messages written offline keep their order over reloads when the clock is set back between them", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  let memory = tab();
  const written: string[] = [];
  for (let reloads = 0; reloads < 3; reloads++) {
    const room = visit(memory);
    await pass(0);
    for (const part of ["a", "b"]) {
      written.push(`${reloads}${part}`);
      room.send(text(`${reloads}${part}`));
      visit.clock.setBack(HOUR);
    }
    memory.gone();
    memory = tab(memory.session);
  }
  const room = visit(memory);
  await pass(0);
  assert.equal(shown(room), written.map((word) => `${word}?`).join(", "));
  room.peers[0]?.open();
  room.peers[0]?.say(welcome());
  await pass(5);
  assert.deepEqual(room.peers[0]?.heard().map(({ body }) => (body as { content: string }).content), written);
});

test("messages written before the previous page is gone come after those of that page", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const before = tab();
  visit(before).send(text("one"));
  await pass(0);
  visit.clock.setBack(HOUR);
  const room = visit(tab(before.session));
  room.send(text("two"));
  await pass(0);
  before.gone();
  await pass(0);
  assert.equal(shown(room), "one?, two?");
});

test("a tab that is opened after another one has written belongs after it, though the clock was set back", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const [first, second] = [tab(), tab()];
  visit(first).send(text("one"));
  await pass(0);
  visit.clock.setBack(HOUR);
  visit(second).send(text("two"));
  await pass(0);
  second.gone();
  first.gone();
  const third = visit(tab());
  await pass(0);
  assert.equal(shown(third), "one?, two?");
});

test("messages kept by an older version, without stamps, keep their order", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const old = ["one", "two"].map((content, index) => ({ frame: { type: "append", id: content, body: text(content) }, at: 9 - index }));
  local.setItem("party.outbox.host/chat/lobby/old", JSON.stringify(old));
  const room = visit(tab());
  room.send(text("three"));
  await pass(0);
  assert.equal(shown(room), "one?, two?, three?");
});

test("an app learns that what waits is not kept, as long as it is not", async (context) => {
  const refused: Memory[] = [
    { local: forbidden(), session: forbidden() },
    {},
    {
      get session(): never {
        throw new Error("not even to be named");
      },
    },
  ];
  for (const memory of refused) {
    await context.test(async (context) => {
      const visit = await enter(context, { memory });
      visit.welcome();
      assert.equal(visit.room.unkept.value, false);
      const { id } = visit.room.send(text("one"));
      assert.equal(visit.room.unkept.value, true);
      visit.peer.say(entry(1, { id, body: text("one") }));
      assert.equal(visit.room.unkept.value, false);
      assert.equal(shown(visit.room), "one");
    });
  }
});

test("an app learns that a storage is full, and that it has space again", async (context) => {
  const { tab, local } = browser();
  const visit = await enter(context, { memory: tab() });
  const { setItem } = local;
  const told: boolean[] = [];
  visit.room.unkept.subscribe((unkept) => told.push(unkept));
  visit.room.send(text("one"));
  local.setItem = () => {
    throw new Error("full");
  };
  visit.room.send(text("two"));
  local.setItem = setItem;
  visit.room.send(text("three"));
  assert.deepEqual(told, [false, true, false]);
});

test("an app learns that the secret is not kept", async (context) => {
  for (const local of [storage(), forbidden()]) {
    const kept = "values" in local;
    await context.test(kept ? "kept" : "not kept", async (context) => {
      const visit = await enter(context, { memory: { local, session: storage() } });
      visit.welcome({ you: { member: "me", role: "member", secret: "s" } });
      assert.equal(visit.room.unkept.value, !kept);
    });
  }
});

test("a full storage keeps the messages that fit, and a discarded one does not come back", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const memory = tab();
  const room = visit(memory);
  const first = room.send(text("one"));
  room.send(text("two"));
  const { setItem } = local;
  local.setItem = function (key, value) {
    if (value.includes("three")) throw new Error("full");
    setItem.call(local, key, value);
  };
  room.send(text("three"));
  assert.equal(room.unkept.value, true);
  first.done.catch(() => {});
  room.discard(first.id);
  assert.equal(room.unkept.value, true);
  memory.gone();
  const next = visit(tab(memory.session));
  await pass(0);
  assert.equal(shown(next), "two?");
});
