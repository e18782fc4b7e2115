// The board in real workerd, with the real `party-client`: votes count once, over evictions, cut connections and
// reloads.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { allLeave, Asker, browser } from "../support/asker.ts";
import { until } from "../support/member.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("examples/board/build/index.js", "Board");
});

afterEach(allLeave);

after(() => worker.close());

/** Members that join one after another: the first one is the moderator. */
async function members<Names extends string[]>(room: string, ...names: Names): Promise<{ [name in keyof Names]: Asker }> {
  const all: Asker[] = [];
  for (const name of names) {
    const asker = new Asker(worker.url, room, name);
    await asker.connected();
    if (!all.length) await until("the moderator", asker.room.you, (you) => you?.role === "moderator");
    all.push(asker);
  }
  return all as { [name in keyof Names]: Asker };
}

test("a member is shown with its name from the first moment on", async () => {
  const room = randomUUID();
  const [ada] = await members(room, "Ada");
  const shown = new Set<string>();
  ada.room.presence.subscribe(({ members }) => members?.forEach(({ data }) => shown.add(data.name)));
  const bob = new Asker(worker.url, room, "Bob");
  await bob.connected();
  await until("Bob", ada.room.presence, ({ count }) => count === 2);
  assert.deepEqual([...shown], ["Ada", "Bob"]);
});

test("questions, votes and answers survive an eviction, and own votes come with the welcome", async () => {
  const room = randomUUID();
  const tabs = browser();
  const [ada] = await members(room, "Ada");
  const bob = new Asker(worker.url, room, "Bob", tabs);
  await bob.connected();
  const { seq } = await ada.room.send({ text: "Why?" }).done;
  await bob.sees({ text: "Why?", by: "Ada", votes: 0, answered: false });
  await worker.evict(room);
  await bob.room.command({ do: "upvote", question: seq }).done;
  await until("the own vote", bob.room.own, (own) => own?.includes(seq) === true);
  assert.deepEqual(ada.room.own.value, []);
  await worker.evict(room);
  await ada.room.command({ do: "answer", question: seq }).done;
  await ada.sees({ text: "Why?", by: "Ada", votes: 1, answered: true });

  bob.leave();
  await worker.evict(room);
  const again = new Asker(worker.url, room, "Bob", tabs);
  await again.sees({ text: "Why?", by: "Ada", votes: 1, answered: true });
  assert.deepEqual(again.room.own.value, [seq]);
  await again.room.command({ do: "upvote", question: seq }).done;
  await again.room.edit(seq, { text: "How?" }).done.then(
    () => assert.fail("a member has edited a question of another one"),
    (error: { code: string }) => assert.equal(error.code, "forbidden"),
  );
  await ada.room.edit(seq, { text: "How?" }).done;
  await again.sees({ text: "How?", by: "Ada", votes: 1, answered: true });
});

test("a vote that is sent while the connection breaks and the room is evicted counts once", async () => {
  const room = randomUUID();
  const [ada, bob, cy] = await members(room, "Ada", "Bob", "Cy");
  const { seq } = await ada.room.send({ text: "Why?" }).done;
  for (const asker of [bob, cy]) await asker.sees({ text: "Why?", by: "Ada", votes: 0, answered: false });
  for (let round = 0; round < 5; round++) {
    for (const asker of [bob, cy]) {
      asker.upvote(seq);
      asker.cut();
    }
    await worker.evict(room);
  }
  for (const asker of [bob, cy]) await asker.settled();
  for (const asker of [ada, bob, cy]) await asker.sees({ text: "Why?", by: "Ada", votes: 2, answered: false });
});

test("a vote that was not sent is sent when the page is loaded again", async () => {
  const room = randomUUID();
  const [tabs, tab] = [browser(), browser()];
  const [ada] = await members(room, "Ada");
  const { seq } = await ada.room.send({ text: "Why?" }).done;
  const bob = new Asker(worker.url, room, "Bob", tabs, tab);
  await bob.sees({ text: "Why?", by: "Ada", votes: 0, answered: false });
  bob.cut();
  bob.upvote(seq);
  bob.leave();
  const again = new Asker(worker.url, room, "Bob", tabs, tab);
  await again.settled();
  await ada.sees({ text: "Why?", by: "Ada", votes: 1, answered: false });
});

test("only moderators answer questions and remove those of others, and a removed question is gone for everyone", async () => {
  const room = randomUUID();
  const [ada, bob] = await members(room, "Ada", "Bob");
  const { seq } = await bob.room.send({ text: "Why?" }).done;
  await assert.rejects(bob.room.command({ do: "answer", question: seq }).done, { code: "forbidden" });
  bob.room.discard(bob.room.outbox.value[0]?.frame.id ?? "");
  await ada.room.delete(seq).done;
  await bob.sees();
  await assert.rejects(bob.room.command({ do: "upvote", question: seq }).done, { code: "not_found" });
});
