// A chat room that is too large for one object: in real workerd, with real `partysocket` clients. Relays come above six
// connections here.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { draft, Guest } from "../support/chat.ts";
import { allLeave, Member, until } from "../support/member.ts";
import { serveWith, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serveWith({ vars: { RELAYS_ABOVE: "6" } }, "build/index.js", "Chat");
});

after(async () => {
  allLeave();
  await worker.close();
});

/** The relays of a room that a test may meet. */
const relays = (room: string) => Array.from({ length: 10 }, (_, number) => `${room}/~relay/${number}`);

/** Has members join one after the other. The first is the founder: it has proved who it is before the others come. */
async function gathering(room: string, count: number): Promise<Member[]> {
  const members: Member[] = [];
  for (let number = 0; number < count; number++) {
    const member = new Member(worker.url, room, `M${number}`);
    await member.connected();
    if (number === 0) await until("the founder's role", member.room.you, (you) => you?.role === "moderator");
    members.push(member);
  }
  return members;
}

/** Waits until a large room has told everyone how many they are: they have all found their relays. */
async function counted(members: Member[]): Promise<void> {
  for (const { room } of members) {
    await until(`the count of ${members.length}`, room.presence, ({ count }) => count === members.length);
  }
}

test("a room that grows moves its members to relays while they talk, and everyone has everything once", async () => {
  const room = randomUUID();
  const members: Member[] = [];
  const texts: string[] = [];
  for (let number = 0; number < 16; number++) {
    const member = new Member(worker.url, room, `M${number}`);
    members.push(member);
    await member.connected();
    member.say(`by ${number}`);
    await member.settled();
    texts.push(`by ${number}`);
  }
  await counted(members);
  members[3]?.say("last");
  texts.push("last");
  await Promise.all(members.map((member) => member.sees(...texts)));
});

test("the number of members does not fall while they move to relays", async () => {
  const room = randomUUID();
  const members: Member[] = [];
  const falls: string[] = [];
  for (let number = 0; number < 12; number++) {
    const member = new Member(worker.url, room, `M${number}`);
    let had = 0;
    member.room.presence.subscribe(() => {
      const { count } = member.room.presence.value;
      if (count < had) falls.push(`M${number}: ${had} to ${count}`);
      had = count;
    });
    await member.connected();
    members.push(member);
  }
  await counted(members);
  assert.deepEqual(falls, []);
});

test("a relay that dies is replaced, and its members miss nothing", async () => {
  const room = randomUUID();
  const members = await gathering(room, 16);
  await counted(members);
  members[0]?.say("before");
  await Promise.all(members.map((member) => member.sees("before")));
  await Promise.all(relays(room).map((relay) => worker.kill(relay)));
  members[1]?.say("while");
  await worker.kill(room);
  members[2]?.say("after");
  await Promise.all(members.map((member) => member.settled()));
  await Promise.all(members.map(async (member) => {
    await until("three texts", member.room.log, () => member.texts().length === 3);
    assert.deepEqual(member.texts().toSorted(), ["after", "before", "while"]);
  }));
});

test("objects that have slept go on where they were", async () => {
  const room = randomUUID();
  const members = await gathering(room, 12);
  await counted(members);
  members[0]?.say("one");
  await Promise.all(members.map((member) => member.sees("one")));
  for (const object of [...relays(room), room]) await worker.evict(object);
  members[11]?.say("two");
  await Promise.all(members.map((member) => member.sees("one", "two")));
});

test("a moderator reaches members of other relays", async () => {
  const room = randomUUID();
  const members = await gathering(room, 12);
  await counted(members);
  const [founder, ...others] = members;
  assert.ok(founder);
  const muted = others[7];
  assert.ok(muted);
  const { member } = await until("who it is", muted.room.you, (you) => you !== undefined) as { member: string };
  await founder.room.moderate("mute", member, 60_000).done;
  await until("the mute", muted.room.you, (you) => you?.mutedUntil !== undefined);
});

test("twenty messages each way with a client of the original wire, which stays with the room's own object", async () => {
  const room = randomUUID();
  const members = await gathering(room, 12);
  await counted(members);
  const original = new Guest(worker.url, room);
  assert.deepEqual(await original.history(), []);
  const [, modern] = members;
  assert.ok(modern);
  const wanted: string[] = [];
  for (let number = 0; number < 20; number++) {
    const old = draft(`${number}`, `old ${number}`);
    original.say(old.id, old.content);
    assert.deepEqual(await original.frame(), { type: "add", ...old });
    const sent: { id: string; done: Promise<unknown> } = modern.room.send({ content: `new ${number}` });
    await sent.done;
    assert.deepEqual(await original.frame(), { type: "add", id: sent.id, content: `new ${number}`, user: "M1", role: "user" });
    wanted.push(`old ${number}`, `new ${number}`);
  }
  await Promise.all(members.map((member) => member.sees(...wanted)));
  original.leave();
});

test("no client reaches a relay by itself, or speaks as one", async () => {
  const room = randomUUID();
  const members = await gathering(room, 12);
  await counted(members);
  const named = new Member(worker.url, `${room}%2F~relay%2F0`, "Mallory");
  await named.connected();
  assert.equal(named.room.presence.value.count, 1, "it is a room of another name");
  const forged = await worker.fetch(`/parties/chat/${room}`, {
    method: "POST",
    headers: { "x-partykit-relay": "1" },
    body: JSON.stringify({ catch_up: null }),
  });
  assert.equal(forged.status, 404);
  members[0]?.say("safe");
  await Promise.all(members.map((member) => member.sees("safe")));
});
