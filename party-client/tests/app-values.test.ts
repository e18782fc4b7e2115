// Values that an app gives to its room: they may never come, or may not be sendable. The app gets an error, and
// everything else goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isBearer } from "../src/bearer.ts";
import { pass } from "./fake-socket.ts";
import { enter, item, welcomed } from "./visit.ts";

const never = () => new Promise<never>(() => {});

test("a token that never comes is reported after 15 seconds, and asked for again", async (context) => {
  let asked = 0;
  const token = () => (++asked < 3 ? never() : "token");
  const visit = await enter(context, { token });
  await pass(14_999);
  assert.equal(visit.room.notice.value, undefined);
  await pass(1);
  assert.deepEqual(visit.room.notice.value, { code: "no_answer", message: "token did not answer within 15 seconds" });
  await pass(750);
  assert.equal(asked, 2);
  await pass(15_000);
  await pass(1_350);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token"]);
  visit.welcome();
  assert.equal(visit.room.notice.value, undefined);
  assert.equal(asked, 3);
});

test("parameters that never come are reported after 15 seconds, and asked for again", async (context) => {
  let asked = 0;
  const visit = await enter(context, { query: () => (++asked < 2 ? never() : { name: "Ada" }) });
  await pass(15_000);
  assert.deepEqual(visit.room.notice.value, { code: "no_answer", message: "query did not answer within 15 seconds" });
  await pass(750);
  assert.equal(visit.peer.url.searchParams.get("name"), "Ada");
});

test("a token that comes in time has no deadline any more", async (context) => {
  const visit = await enter(context, { token: async () => "token" });
  visit.peer.open();
  await pass(9_000);
  visit.welcome();
  await pass(9_000);
  assert.equal(visit.room.notice.value, undefined);
});

test("a fresh token that never comes rejects its renewal", async (context) => {
  let asked = 0;
  const visit = await welcomed(context, { token: () => (++asked < 2 ? "token" : never()) });
  const renewed = visit.room.renewToken();
  await pass(9_000);
  visit.peer.sayText("pong");
  const rejected = assert.rejects(renewed, { name: "RoomError", code: "no_answer" });
  await pass(6_000);
  await rejected;
  assert.deepEqual(visit.room.state.value, { status: "connected" });
});

test("a token that no connection can be opened with is reported at once, and the next one is taken", async (context) => {
  const bad: unknown[] = ["two words", "a,b", "ä", "token\n", "(x)", { token: "x" }];
  const visit = await enter(context, { token: () => (bad.shift() ?? "good") as string });
  for (let attempt = 0; bad.length; attempt++) {
    assert.deepEqual(visit.room.notice.value, { code: "invalid_token", message: "no connection can be opened with this token" });
    assert.equal(visit.peers.length, 0);
    await pass(16_000);
  }
  await pass(16_000);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.good"]);
});

test("a token that is taken for valid is one that a real WebSocket takes, and no other", () => {
  for (let code = 0; code < 0x180; code++) {
    const token = `a${String.fromCharCode(code)}z`;
    let taken = true;
    try {
      new WebSocket("ws://127.0.0.1:9", ["party", `party.bearer.${token}`]).close();
    } catch {
      taken = false;
    }
    assert.equal(isBearer(token), taken, `character ${code}`);
  }
});

test("a secret that somebody has put into the storage and that cannot be sent is left out", async (context) => {
  const kept = new Map([["party.secret.host/chat/lobby", "not a secret"]]);
  const local = {
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const visit = await enter(context, { memory: { local } });
  assert.deepEqual(visit.peer.protocols, ["party"]);
  visit.welcome({ you: { member: "me", role: "member", secret: "made" } });
  assert.deepEqual(visit.room.state.value, { status: "connected" });
  assert.deepEqual([...kept.values()], ["made"]);
});

test("an address that is too long for every room is reported, and tried again when it is shorter", async (context) => {
  const texts = ["x".repeat(3_072), "x"];
  const visit = await enter(context, { query: () => ({ text: texts.shift() }) });
  assert.equal(visit.peers.length, 0);
  assert.deepEqual(visit.room.notice.value, { code: "invalid_address", message: "Error: the address has more than 3072 bytes" });
  await pass(750);
  assert.equal(visit.peers.length, 1);
});

test("a value that JSON cannot hold is refused at once, and stops nothing else", async (context) => {
  const visit = await welcomed(context, { presence: { name: "Ada" } });
  await visit.heard();
  const circle: { content: string; self?: unknown } = { content: "round" };
  circle.self = circle;
  assert.throws(() => visit.room.send(circle), TypeError);
  assert.throws(() => visit.room.edit(1, circle), TypeError);
  assert.throws(() => visit.room.command({ count: 1n }), TypeError);
  assert.throws(() => visit.room.setPresence({ name: 1n as unknown as string }), TypeError);
  assert.throws(() => visit.room.moderate("mute", "them", 1n as unknown as number), TypeError);
  assert.deepEqual(visit.room.outbox.value, []);
  visit.room.send({ content: "fine" });
  assert.deepEqual((await visit.asked()).map(({ type }) => type), ["append"]);
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ entries: [item(1)] });
  assert.deepEqual((await visit.asked()).map(({ type }) => type), ["presence", "append"]);
});

test("half of a character, which JSON cannot carry to a room, is sent as the sign for one that is missing", async (context) => {
  const visit = await welcomed(context);
  await visit.heard();
  const half = "\ud83d";
  const whole = "\u{1f388} \\ud83d \\\\ud83d \n";
  const { id } = visit.room.send({ content: `${half}${whole}${half}${half}` });
  visit.room.signal("typing", { half });
  visit.room.setPresence({ name: half });
  const sent = await visit.heard();
  const of = (type: string) => sent.find((frame) => frame.type === type) as Record<string, unknown> | undefined;
  assert.deepEqual(of("append"), { type: "append", id, body: { content: `\ufffd${whole}\ufffd\ufffd` } });
  assert.deepEqual(of("ephemeral")?.["data"], { half: "\ufffd" });
  assert.deepEqual(of("presence")?.["data"], { name: "\ufffd" });
  assert.deepEqual(visit.room.log.value.items.at(-1)?.body, { content: `\ufffd${whole}\ufffd\ufffd` });
});
