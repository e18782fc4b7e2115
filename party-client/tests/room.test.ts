// What is said and shown in the course of a visit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "./fake-socket.ts";
import { enter, entry, item, shown } from "./visit.ts";

test("a client asks for wire 2 with its own id, and shows what it is welcomed with", async (context) => {
  const visit = await enter(context, { query: { name: "Ada" } });
  assert.equal(visit.peer.url.pathname, "/parties/chat/lobby");
  const { _pk, ...query } = Object.fromEntries(visit.peer.url.searchParams);
  assert.deepEqual(query, { name: "Ada", wire: "2", batch: "1" });
  assert.match(_pk ?? "", /^[0-9a-f]{32}$/);
  assert.deepEqual(visit.peer.protocols, ["party"]);
  assert.deepEqual(visit.room.state.value, { status: "connecting" });
  visit.welcome({ entries: [item(1), item(2)], older: true });
  assert.deepEqual(visit.room.state.value, { status: "connected" });
  assert.equal(shown(visit.room), "text 1, text 2");
  assert.equal(visit.room.log.value.older, true);
});

test("what is written is shown at once, sent, and settled by its own entry", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send({ content: "hello" });
  assert.equal(shown(visit.room), "hello?");
  assert.deepEqual(await visit.heard(), [{ type: "append", id, body: { content: "hello" } }]);
  visit.peer.say(entry(1, { id, author: "me", body: { content: "hello" } }));
  assert.deepEqual(await done, { seq: 1 });
  assert.equal(shown(visit.room), "hello");
  assert.deepEqual(visit.room.outbox.value, []);
});

test("a connection that is lost is opened again where the client stands", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1), item(2)] });
  visit.peer.end(1006);
  assert.deepEqual(visit.room.state.value, { status: "reconnecting" });
  await pass(299);
  assert.equal(visit.peers.length, 1);
  await pass(1000);
  assert.equal(visit.peers.length, 2);
  assert.equal(visit.peer.url.searchParams.get("epoch"), "e1");
  assert.equal(visit.peer.url.searchParams.get("seq"), "2");
  assert.equal(visit.peer.url.searchParams.get("_pk"), visit.peers[0]?.url.searchParams.get("_pk"));
  visit.welcome({ recovered: true, entries: [item(3), item(4, { target: 1, body: { content: "anew" } })], head: 4 });
  assert.equal(shown(visit.room), "anew*, text 2, text 3");
});
