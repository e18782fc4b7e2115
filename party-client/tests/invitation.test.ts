// Rooms that need an invitation: its key goes where no address and no log has it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keptSecret } from "../src/index.ts";
import { pass } from "./fake-socket.ts";
import { enter, welcomed } from "./visit.ts";

test("the key of an invitation is asked for before each connection, and is sent beside the secret", async (context) => {
  let key: string | undefined = "k-_1";
  const visit = await welcomed(context, { token: () => "token", invitation: () => key });
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token", "party.invitation.k-_1"]);
  assert.ok(!visit.peer.url.href.includes("k-_1"));
  key = undefined;
  visit.peer.end(1012);
  await pass(60_000);
  assert.equal(visit.peers.length, 2);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token"]);
});

test("a key that no connection can be opened with is left out", async (context) => {
  const visit = await enter(context, { invitation: () => "two words, and a comma" });
  assert.deepEqual(visit.peer.protocols, ["party"]);
});

test("a client that was refused does not reconnect, and brings another key when it is told to connect", async (context) => {
  let key = "old";
  const visit = await enter(context, { invitation: () => key });
  visit.peer.open();
  visit.peer.end(4403, "The invitation is not valid any more");
  await pass(600_000);
  assert.equal(visit.peers.length, 1);
  key = "new";
  visit.room.connect();
  await pass(1);
  assert.deepEqual(visit.peer.protocols, ["party", "party.invitation.new"]);
});

test("the secret of a room that this browser was in is found by the room's name", () => {
  const kept = new Map([["party.secret.example.com/chat/caf%C3%A9", "m1.seal"], ["party.secret.example.com/chat/bad", "not a secret"]]);
  const local = { getItem: (key: string) => kept.get(key) ?? null, setItem() {}, removeItem() {}, key: () => null, length: 0 };
  const of = (room: string) => keptSecret({ host: "example.com", party: "chat", room, memory: { local } });
  assert.equal(of("café"), "m1.seal");
  assert.equal(of("bad"), undefined);
  assert.equal(of("other"), undefined);
});
