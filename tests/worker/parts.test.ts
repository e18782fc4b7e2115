// Rooms of parts in real workerd, with the real `party-client`.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { Guest } from "../support/chat.ts";
import { Client } from "../support/client.ts";
import { allLeave, browser, Member, until } from "../support/member.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("build/index.js", "Chat");
});

afterEach(allLeave);

after(() => worker.close());

/** Members who come one after another: the first is the room's creator. */
async function members(room: string, ...names: string[]): Promise<Member[]> {
  const all: Member[] = [];
  for (const name of names) {
    const member = new Member(worker.url, room, name);
    await member.connected();
    if (!all.length) await until("the founder", member.room.you, (you) => you?.role === "moderator");
    all.push(member);
  }
  return all;
}

test("a client that was away gets the missed entries and keeps the known ones, also from a room that has slept", async () => {
  const room = randomUUID();
  const [ada, bob] = (await members(room, "Ada", "Bob")) as [Member, Member];
  await ada.room.send({ content: "one" }).done;
  await bob.sees("one");
  bob.cut();
  await ada.room.send({ content: "two" }).done;
  await ada.room.edit(1, { content: "one and a half" }).done;
  await worker.evict(room);
  await bob.sees("one and a half", "two");
  assert.equal(bob.room.log.value.resets, 0);
});

test("a message written while the connection is down goes out once, when it is back", async () => {
  const room = randomUUID();
  const [ada, bob] = (await members(room, "Ada", "Bob")) as [Member, Member];
  ada.cut();
  for (const text of ["one", "two", "three"]) ada.say(text);
  await bob.sees("one", "two", "three");
  await ada.settled();
  assert.deepEqual(ada.texts(), ["one", "two", "three"]);
});

test("two tabs of one browser are one member, who may edit from either", async () => {
  const room = randomUUID();
  const tabs = browser();
  const ada = new Member(worker.url, room, "Ada", tabs);
  await ada.connected();
  const tab = new Member(worker.url, room, "Ada", tabs);
  await tab.connected();
  assert.equal(tab.room.you.value?.member, ada.room.you.value?.member);
  assert.equal(tab.room.presence.value.count, 1);
  const { seq } = await ada.room.send({ content: "hello" }).done;
  await tab.room.edit(seq, { content: "hello all" }).done;
  await ada.sees("hello all");
});

test("everyone sees who is here and who types, and the room's creator can show people out", async () => {
  const room = randomUUID();
  const [ada, eve] = (await members(room, "Ada", "Eve")) as [Member, Member];
  await until("both", ada.room.presence, ({ count }) => count === 2);
  eve.room.signal("typing");
  const [signal] = await until("typing", ada.room.signals, (signals) => signals.length === 1);
  assert.equal(signal?.from, eve.room.you.value?.member);
  eve.room.end("typing");
  await until("no typing", ada.room.signals, (signals) => signals.length === 0);

  const member = eve.room.you.value?.member ?? "";
  await ada.room.moderate("mute", member, 600).done;
  await until("mute", eve.room.you, (you) => you?.mutedUntil !== undefined);
  await assert.rejects(eve.room.send({ content: "let me" }).done, { code: "muted" });
  await ada.room.moderate("ban", member).done;
  const closed = await until("the close", eve.room.state, ({ status }) => status === "closed");
  assert.ok(closed.status === "closed" && closed.code === 4403, JSON.stringify(closed));
  await until("Ada alone", ada.room.presence, ({ count }) => count === 1);
});

test("a heartbeat is answered by the platform, and our subprotocol is selected", async () => {
  const url = new URL(`/parties/chat/${randomUUID()}?wire=2`, worker.url);
  const client = await Client.connect(url, ["party", "party.bearer.none"]);
  assert.equal(client.subprotocol, "party");
  client.send("ping");
  const frames = [await client.receive(), await client.receive(), await client.receive()].map(String);
  assert.ok(frames.includes("pong"), frames.join("\n"));
  client.close();
});

test("under load many messages travel in one frame, in the same order for all", async () => {
  const room = randomUUID();
  const all = await members(room, "Ada", "Bob", "Cy");
  const url = new URL(`/parties/chat/${room}?wire=2&batch=1`, worker.url);
  const observer = await Client.connect(url, ["party"]);
  let [seen, frames] = [0, 0];
  for (let n = 0; n < 20; n++) for (const member of all) member.say(`${n}`);
  while (seen < 60) {
    const frame = JSON.parse(String(await observer.receive()));
    const entries = [frame].flat().filter(({ type }) => type === "entry");
    if (entries.length > 0) frames++;
    for (const { seq } of entries) assert.equal(seq, ++seen);
  }
  assert.ok(frames < 30, `${frames} frames for 60 messages`);
  for (const member of all) await member.settled();
  const order = all.map((member) => member.room.log.value.items.map(({ id }) => id));
  for (const ids of order) assert.deepEqual(ids, order[0]);
  observer.close();
});

/** Numbers from 0 to below a bound, the same for the same seed (mulberry32). */
function chance(seed: number): (bound: number) => number {
  return (bound) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

const SCHEDULES = 8;
const STEPS = 150;

for (let seed = 1; seed <= SCHEDULES; seed++) {
  test(`however it goes everyone ends with the same log, schedule ${seed}`, async () => {
    const [room, below, tabs] = [randomUUID(), chance(seed), browser()];
    const original = new Guest(worker.url, room);
    const told: { id: string; content: string }[] = [];
    await original.history();
    const hears = (async () => {
      for (;;) {
        const frame = await original.frame(60_000);
        if (frame.type === "add") told.push(frame);
        if (frame.type === "update") told.splice(told.findIndex(({ id }) => id === frame.id), 1, frame);
        if (frame.type === "add" && frame.id === "last") return;
      }
    })();
    const all = ["Ada", "Ada", "Bob", "Cy"].map((name) => new Member(worker.url, room, name, name === "Ada" ? tabs : browser()));
    for (const member of all) await member.connected();
    const acknowledged = new Map<string, number>();

    for (let step = 0; step < STEPS; step++) {
      const member = all[below(all.length)] as Member;
      const own = member.room.log.value.items.filter(
        ({ seq, author, body }) => seq !== undefined && body && author === member.room.you.value?.member,
      );
      const target = own[below(Math.max(own.length, 1))]?.seq;
      const what = below(12);
      const written =
        what < 5 ? member.room.send({ content: `${seed} ${step}` })
        : what === 5 && target !== undefined ? member.room.edit(target, { content: `${seed} ${step} again` })
        : what === 6 && target !== undefined ? member.room.delete(target)
        : undefined;
      written?.done.then(({ seq }) => acknowledged.set(written.id, seq), () => undefined);
      if (what === 7) member.cut();
      if (what === 8) await worker.evict(room);
      if (what === 9) original.say(`original ${step}`, `${seed} ${step} of old`, "Old");
      if (what > 9) await new Promise(setImmediate);
    }

    for (const member of all) await member.settled();
    original.say("last", "the end", "Old");
    await hears;
    const witness = new Member(worker.url, room, "Witness");
    await witness.connected();
    while (witness.room.log.value.older) await witness.room.loadOlder();
    const truth = seen(witness);
    const ids = witness.room.log.value.items.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "something is there twice");
    for (const member of all) {
      await member.connected();
      while (member.room.log.value.older) await member.room.loadOlder();
      await until("the same log", member.room.log, () => JSON.stringify(seen(member)) === JSON.stringify(truth));
    }
    for (const [id, seq] of acknowledged) {
      const item = witness.room.log.value.items.find((item) => item.id === id);
      // An acknowledged operation that is not an item was a change.
      assert.ok(item === undefined || item.seq === seq, `${id} was acknowledged at ${seq}`);
    }
    const contents = witness.room.log.value.items.map(({ body }) => body?.content ?? "This message was deleted.");
    assert.deepEqual(told.map(({ content }) => content), contents);
    original.leave();
  });
}

/** What a member sees of the log. */
function seen(member: Member): unknown[] {
  return member.room.log.value.items.map(({ id, seq, author, body }) => [id, seq, author, body?.user, body?.content]);
}

test("messages are found by their words, as they are now, also after the room has slept", async () => {
  const room = randomUUID();
  const [ada, bob] = (await members(room, "Ada", "Bob")) as [Member, Member];
  const found = async (text: string) => (await bob.room.query({ search: { text } })).items.map(({ body }) => body?.content);
  for (const content of ["Zwei Cafés in Wien", "我的手机坏了", "cafeteria"]) await ada.room.send({ content }).done;
  assert.deepEqual(await found("CAFÉ"), ["cafeteria", "Zwei Cafés in Wien"]);
  assert.deepEqual(await found("手机"), ["我的手机坏了"]);
  assert.deepEqual(await found('"NEAR( wien*'), []);
  await ada.room.edit(1, { content: "Zwei Bars in Wien" }).done;
  await ada.room.delete(3).done;
  await worker.evict(room);
  assert.deepEqual(await found("cafe"), []);
  assert.deepEqual(await found("bars wien"), ["Zwei Bars in Wien"]);
  await assert.rejects(bob.room.query({ search: { text: "?!" } }), { code: "empty" });
});
