// The connection: when it is opened, found dead, and opened again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./browser.ts";
import { pass } from "./fake-socket.ts";
import { enter, entry, shown, welcome, welcomed } from "./visit.ts";

type Visit = Awaited<ReturnType<typeof enter>>;

/** Waits longer than any pause, and gives how many connections were asked for. */
async function attempts(visit: Visit): Promise<number> {
  const before = visit.peers.length;
  await pass(16_000);
  return visit.peers.length - before;
}

test("the pauses between attempts that fail grow, and one attempt is made at a time", async (context) => {
  const visit = await enter(context);
  const pauses: number[] = [];
  for (let failures = 0; failures < 6; failures++) {
    visit.peer.fail();
    const { length } = visit.peers;
    let waited = 0;
    for (; visit.peers.length === length; waited += 50) await pass(50);
    assert.equal(visit.peers.length, length + 1);
    pauses.push(waited);
  }
  assert.deepEqual(pauses, [750, 1_350, 2_550, 4_950, 7_650, 7_650]);
});

test("a connection that does not open in time counts as failed", async (context) => {
  const visit = await enter(context);
  await pass(9_999);
  assert.equal(visit.peer.closedWith, undefined);
  await pass(1);
  assert.equal(visit.peer.closedWith, 1000);
  await pass(749);
  assert.equal(visit.peers.length, 1);
  await pass(1);
  assert.equal(visit.peers.length, 2);
});

test("a WebSocket class that throws counts as failed, each time", async (context) => {
  let made = 0;
  class Broken {
    constructor() {
      made++;
      throw new Error("no such protocol");
    }
  }
  const visit = await enter(context, { WebSocket: Broken });
  assert.equal(made, 1);
  assert.deepEqual(visit.room.notice.value, { code: "invalid_address", message: "Error: no such protocol" });
  await pass(750);
  assert.equal(made, 2);
  await pass(1_350);
  assert.equal(made, 3);
  assert.deepEqual(visit.room.state.value, { status: "connecting" });
});

test("a room that accepts and then says nothing is left, and after a pause once more", async (context) => {
  const visit = await enter(context);
  visit.peer.open();
  await pass(5_000);
  visit.peer.sayText("pong");
  await pass(5_000);
  assert.equal(visit.peers.length, 2);
  visit.peer.open();
  await pass(5_000);
  visit.peer.sayText("pong");
  await pass(5_000);
  assert.equal(visit.peers.length, 2);
  await pass(1_350);
  assert.equal(visit.peers.length, 3);
});

test("a room that does not welcome says so in a notice, which ends with the first welcome, and is tried again and again", async (context) => {
  const visit = await enter(context);
  for (let attempt = 1; attempt < 4; attempt++) {
    visit.peer.open();
    visit.peer.say({ type: "hello", text: "an echo" }, "echo");
    await pass(9_999);
    assert.equal(visit.room.notice.value?.code, attempt > 1 ? "no_welcome" : undefined);
    await pass(1);
    assert.match(visit.room.notice.value?.message ?? "", /this address did not answer with protocol 2/);
    for (let waited = 0; visit.peers.length === attempt && waited < 5_000; waited += 50) await pass(50);
    assert.equal(visit.peers.length, attempt + 1);
  }
  assert.deepEqual(visit.room.state.value, { status: "connecting" });
  visit.welcome();
  assert.equal(visit.room.notice.value, undefined);
});

test("a room that welcomes and fails again and again is not hammered", async (context) => {
  const visit = await enter(context);
  const pauses: number[] = [];
  for (let failures = 0; failures < 4; failures++) {
    visit.welcome();
    visit.peer.end(1011);
    const { length } = visit.peers;
    let waited = 0;
    for (; visit.peers.length === length; waited += 50) await pass(50);
    pauses.push(waited);
  }
  assert.deepEqual(pauses, [750, 1_350, 2_550, 4_950]);
});

test("a connection that has lasted makes the next pause short again", async (context) => {
  const visit = await enter(context);
  for (let failures = 0; failures < 4; failures++) {
    visit.peer.fail();
    await pass(16_000);
  }
  visit.welcome();
  await pass(5_000);
  visit.peer.end(1006);
  await pass(750);
  visit.welcome();
  assert.deepEqual(visit.room.state.value, { status: "connected" });
});

test("final codes end the visit, with code and reason", async (context) => {
  for (const code of [4400, 4402, 4403, 4407, 4409, 4410, 4428, 4430, 4499]) {
    await context.test(`${code}`, async (context) => {
      const visit = await welcomed(context);
      visit.peer.end(code, "because");
      assert.deepEqual(visit.room.state.value, { status: "closed", code, reason: "because" });
      assert.equal(await attempts(visit), 0);
    });
  }
});

test("nothing but the app itself comes back from a final code", async (context) => {
  const { network, show } = page(context);
  const visit = await welcomed(context);
  visit.peer.end(4409, "replaced");
  network(false);
  network(true);
  show(false);
  show(true);
  assert.equal(await attempts(visit), 0);
  visit.room.connect();
  await pass(0);
  visit.welcome({ recovered: true, head: 1 });
  assert.deepEqual(visit.room.state.value, { status: "connected" });
});

test("all other codes are followed by another attempt", async (context) => {
  for (const code of [1000, 1001, 1005, 1006, 1009, 1011, 1012, 3000, 4000, 4399, 4408, 4500, 4999]) {
    await context.test(`${code}`, async (context) => {
      const visit = await welcomed(context);
      visit.peer.end(code);
      assert.deepEqual(visit.room.state.value, { status: "reconnecting" });
      assert.equal(await attempts(visit), 1);
    });
  }
});

test("after 4429, 4503 and 1013 the client stays away as long as the room has said", async (context) => {
  for (const code of [4429, 4503, 1013]) {
    await context.test(`${code}`, async (context) => {
      const visit = await enter(context);
      visit.peer.open();
      visit.peer.say({ type: "error", code: "room_full", message: "full", retryAfter: 30_000 });
      assert.equal(visit.room.notice.value?.message, "full");
      visit.peer.end(code);
      await pass(30_000);
      assert.equal(visit.peers.length, 1);
      await pass(1_200);
      assert.equal(visit.peers.length, 2);
    });
  }
});

test("a room that asks for patience and does not say how much is left alone for ten seconds, whatever the page does", async (context) => {
  const { show } = page(context);
  const visit = await welcomed(context);
  visit.peer.end(4429);
  await pass(1_000);
  show(false);
  show(true);
  await pass(8_900);
  assert.equal(visit.peers.length, 1);
  await pass(1_300);
  assert.equal(visit.peers.length, 2);
});

test("the retry time of one connection does not apply to the next", async (context) => {
  const visit = await welcomed(context);
  visit.peer.say({ type: "error", code: "slow_down", message: "slowly", retryAfter: 60_000 });
  visit.peer.end(1006);
  await pass(750);
  visit.peer.end(4503);
  await pass(10_000);
  await pass(2_400);
  assert.equal(visit.peers.length, 3);
});

test("a token is asked for before each connection, and goes where no log sees it", async (context) => {
  let asked = 0;
  const visit = await welcomed(context, { token: async () => `token-${++asked}` });
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token-1"]);
  assert.ok(!visit.peer.url.href.includes("token"));
  visit.peer.end(1006);
  await pass(750);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token-2"]);
});

test("after 4401 the client comes back once, at once, with a fresh token", async (context) => {
  let asked = 0;
  const visit = await welcomed(context, { token: () => `token-${++asked}` });
  visit.peer.end(4401, "expired");
  await pass(0);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token-2"]);
  visit.peer.end(4401, "unknown");
  assert.deepEqual(visit.room.state.value, { status: "closed", code: 4401, reason: "unknown" });
  assert.equal(await attempts(visit), 0);
});

test("a fresh token that was good may be followed by another one", async (context) => {
  const visit = await welcomed(context, { token: () => "token" });
  for (let hour = 0; hour < 3; hour++) {
    visit.peer.end(4401);
    await pass(0);
    visit.welcome();
  }
  assert.deepEqual(visit.room.state.value, { status: "connected" });
});

test("a client without a token does not reconnect after 4401", async (context) => {
  const visit = await enter(context);
  visit.peer.end(4401, "a token is needed");
  assert.deepEqual(visit.room.state.value, { status: "closed", code: 4401, reason: "a token is needed" });
});

test("a token that cannot be had is asked for again after a pause", async (context) => {
  let asked = 0;
  const token = async () => {
    if (++asked < 3) throw new Error("the login is away");
    return "token";
  };
  const visit = await enter(context, { token });
  assert.equal(visit.peers.length, 0);
  assert.match(visit.room.notice.value?.message ?? "", /the login is away/);
  await pass(750);
  assert.equal(asked, 2);
  await pass(1_350);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.token"]);
});

test("an answer that comes too late opens nothing", async (context) => {
  const { show } = page(context);
  const answers: ((token: string) => void)[] = [];
  const visit = await enter(context, { token: () => new Promise((answer) => answers.push(answer)) });
  show(true);
  await pass(0);
  answers[1]?.("second");
  await pass(0);
  answers[0]?.("first");
  await pass(0);
  assert.deepEqual(visit.peers.map(({ protocols }) => protocols[1]), ["party.bearer.second"]);
});

test("parameters may be asked for before each connection", async (context) => {
  let asked = 0;
  const visit = await enter(context, { query: async () => ({ name: `Ada ${++asked}`, nothing: null }) });
  assert.equal(visit.peer.url.searchParams.get("name"), "Ada 1");
  assert.equal(visit.peer.url.searchParams.has("nothing"), false);
  visit.peer.end(1006);
  await pass(750);
  assert.equal(visit.peer.url.searchParams.get("name"), "Ada 2");
});

test("a fresh token can be handed over while the old one holds", async (context) => {
  let asked = 0;
  const visit = await welcomed(context, { token: () => `token-${++asked}` });
  const renewed = visit.room.renewToken();
  const [frame] = await visit.heard();
  assert.deepEqual({ ...frame, id: "" }, { type: "token", id: "", token: "token-2" });
  visit.peer.say({ type: "ack", id: frame?.["id"] });
  await renewed;
  const refused = visit.room.renewToken();
  const [other] = await visit.heard();
  visit.peer.say({ type: "error", code: "expired", message: "it is too old", id: other?.["id"] });
  await assert.rejects(refused, { code: "expired" });
  assert.equal(visit.room.notice.value, undefined);
});

test("frames before the welcome are ignored, and nothing is said before it", async (context) => {
  const visit = await enter(context, { presence: { name: "Ada" } });
  visit.peer.open();
  visit.room.send({ content: "early" });
  visit.room.signal("typing");
  await assert.rejects(visit.room.moderate("kick", "them").done, { code: "offline" });
  visit.peer.say(entry(1), { type: "presence", count: 5 }, { type: "you", member: "x", role: "member" });
  assert.deepEqual(await visit.heard(), []);
  assert.equal(shown(visit.room), "early?");
  assert.equal(visit.room.presence.value.count, 0);
  assert.equal(visit.room.you.value, undefined);
  visit.peer.say(welcome());
  assert.deepEqual((await visit.heard()).map(({ type }) => type), ["presence", "append"]);
});

test("a visit that was ended does nothing more", async (context) => {
  const { network, show } = page(context);
  const visit = await welcomed(context);
  visit.room.close();
  assert.equal(visit.peer.closedWith, 1000);
  assert.deepEqual(visit.room.state.value, { status: "closed", code: 1000, reason: "" });
  network(false);
  network(true);
  show(true);
  assert.equal(await attempts(visit), 0);
});

test("a visit that was ended and goes on after all sees the page and the network again", async (context) => {
  const { network } = page(context);
  const visit = await welcomed(context);
  visit.room.close();
  visit.room.connect();
  await pass(0);
  visit.welcome({ recovered: true, head: 1 });
  visit.peer.end(1006);
  network(false);
  assert.deepEqual(visit.room.state.value, { status: "offline" });
  network(true);
  await pass(0);
  assert.equal(visit.peers.length, 3);
});
