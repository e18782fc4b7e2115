// The frame that an error is about: exactly the one that it names, or one of a text that the room could not read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "./fake-socket.ts";
import { enter, entry, shown } from "./visit.ts";

const error = (code: string, id?: unknown) => ({ type: "error", code, message: `it is ${code}`, ...(id === undefined ? {} : { id }) });

test("an ephemeral event that the room refuses does not reject an append that is under way", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send({ content: "hello" });
  visit.room.signal("x".repeat(200));
  await visit.heard();
  for (const code of ["invalid", "too_large", "forbidden"]) {
    visit.peer.say(error(code));
    assert.equal(visit.room.outbox.value[0]?.error, undefined);
    assert.equal(visit.room.notice.value?.code, code);
  }
  assert.deepEqual(await visit.heard(), []);
  visit.peer.say(entry(1, { id }));
  assert.deepEqual(await done, { seq: 1 });
});

test("an ephemeral event in a text that the room cannot read does not reject an append that is under way", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send({ content: "hello" });
  visit.room.signal("drawing", "x".repeat(70_000));
  await visit.heard();
  visit.peer.say(error("too_long"));
  assert.equal(visit.room.outbox.value[0]?.error, undefined);
  assert.deepEqual((await visit.asked()).map(({ type }) => type), ["append"]);
  visit.peer.say(entry(1, { id }));
  assert.deepEqual(await done, { seq: 1 });
});

test("an ephemeral event that the room cannot read, with nothing else under way, is a notice", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.signal("drawing", "x".repeat(70_000));
  visit.peer.say(error("too_long"));
  assert.equal(visit.room.notice.value?.code, "too_long");
});

test("a text that the room cannot read does not touch those that it has read, whatever comes first", async (context) => {
  const visit = await enter(context, { batch: false });
  visit.welcome();
  const [one, bad, two] = ["one", "bad", "two"].map((content) => visit.room.send({ content }));
  await visit.heard();
  // The error is sent at once, the entries a little later.
  visit.peer.say(error("too_long"));
  assert.deepEqual(await visit.heard(), []);
  visit.peer.say(entry(1, { id: one?.id ?? "" }));
  assert.deepEqual(await visit.heard(), []);
  visit.peer.say(entry(2, { id: two?.id ?? "" }));
  await assert.rejects(bad?.done ?? Promise.resolve(), { code: "too_long" });
  assert.deepEqual(await visit.heard(), []);
});

test("a presence that the room cannot read is found among the rest", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.send({ content: "one" });
  const sent = [visit.room.send({ content: "two" }), visit.room.send({ content: "three" })];
  visit.room.setPresence({ name: "unreadable" });
  for (let turn = 0, seq = 0; turn < 20; turn++) {
    await pass(5);
    for (const text of visit.peer.texts.splice(0)) {
      const frames = [JSON.parse(text)].flat() as { id: string; type: string }[];
      if (text.includes("unreadable")) visit.peer.say(error("not_json"));
      else visit.peer.say(...frames.map(({ id }) => entry(++seq, { id, body: { content: `${seq}` } })));
    }
  }
  await Promise.all(sent.map(({ done }) => done));
  assert.equal(visit.room.notice.value?.code, "not_json");
  assert.equal(shown(visit.room), "1, 2, 3");
  assert.equal(visit.peers.length, 1);
});
