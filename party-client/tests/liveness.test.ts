// Whether the connection is alive, and known to the room: pings, and the browser's events of the page and its network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./browser.ts";
import { pass } from "./fake-socket.ts";
import { enter, entry, item, shown, welcomed } from "./visit.ts";

type Visit = Awaited<ReturnType<typeof enter>>;

const pings = (visit: Visit) => visit.peer.texts.filter((text) => text === "ping").length;

test("a quiet line is asked with a ping, and the answer never reaches the app", async (context) => {
  const visit = await welcomed(context);
  let told = -1;
  visit.room.log.subscribe(() => told++);
  await pass(9_999);
  assert.equal(pings(visit), 0);
  await pass(1);
  assert.equal(pings(visit), 1);
  visit.peer.sayText("pong");
  await pass(9_999);
  assert.equal(visit.peers.length, 1);
  assert.equal(pings(visit), 1);
  assert.equal(told, 0);
});

test("any frame answers a ping", async (context) => {
  const visit = await welcomed(context);
  await pass(10_000);
  assert.equal(pings(visit), 1);
  await pass(4_000);
  visit.peer.say(entry(2));
  await pass(4_000);
  assert.equal(visit.peers.length, 1);
});

test("a reader in a busy room pings as often as one in a quiet room, also on a hidden page", async (context) => {
  for (const [visible, interval] of [[true, 10_000], [false, 60_000]] as const) {
    await context.test(visible ? "seen" : "hidden", async (context) => {
      const { show } = page(context);
      const visit = await enter(context);
      if (!visible) show(false);
      visit.welcome({ entries: [item(1)] });
      for (let seq = 2; seq <= 61; seq++) {
        await pass(interval / 20);
        visit.peer.say(entry(seq));
      }
      assert.equal(pings(visit), 3);
      assert.equal(visit.peers.length, 1);
    });
  }
});

test("a client that sends much and receives nothing pings as well, and finds its line dead", async (context) => {
  const visit = await welcomed(context);
  for (let moment = 0; moment < 14; moment++) {
    assert.equal(visit.peers.length, 1);
    visit.room.signal("typing", moment);
    await pass(1_000);
  }
  assert.equal(pings(visit), 1);
  await pass(1_000);
  assert.equal(visit.peers.length, 2);
});

test("a client that sends and receives needs no ping", async (context) => {
  const visit = await welcomed(context);
  for (let seq = 2; seq < 8; seq++) {
    await pass(9_000);
    const { id } = visit.room.send({ content: "hello" });
    visit.peer.say(entry(seq, { id }));
  }
  assert.equal(pings(visit), 0);
});

test("a dead line is found in time however often the page is hidden and shown", async (context) => {
  const { show } = page(context);
  const visit = await welcomed(context);
  for (let times = 0; times < 2; times++) {
    show(false);
    show(true);
    await pass(2_500);
  }
  assert.equal(visit.peers.length, 2);
});

test("a line that does not answer is replaced at once", async (context) => {
  const visit = await welcomed(context);
  await pass(10_000);
  await pass(4_999);
  assert.equal(visit.peers.length, 1);
  await pass(1);
  assert.equal(visit.peers[0]?.closedWith, 1000);
  assert.deepEqual(visit.room.state.value, { status: "reconnecting" });
  assert.equal(visit.peers.length, 2);
  visit.peers[0]?.say(entry(2));
  assert.equal(shown(visit.room), "text 1");
});

test("a hidden page asks less often", async (context) => {
  const { show } = page(context);
  const visit = await enter(context);
  show(false);
  visit.welcome();
  await pass(59_999);
  assert.equal(pings(visit), 0);
  await pass(1);
  assert.equal(pings(visit), 1);
});

test("a page that is seen again asks at once", async (context) => {
  const { show } = page(context);
  const visit = await welcomed(context);
  show(false);
  await pass(5_000);
  show(true);
  assert.equal(pings(visit), 1);
  await pass(5_000);
  assert.equal(visit.peers.length, 2);
});

test("a page that is seen again does not wait for the next attempt", async (context) => {
  const { show } = page(context);
  const visit = await welcomed(context);
  show(false);
  visit.peer.end(1006);
  await pass(10);
  assert.equal(visit.peers.length, 1);
  show(true);
  await pass(0);
  assert.equal(visit.peers.length, 2);
});

test("a page that comes from the back/forward cache asks at once, though it was never hidden", async (context) => {
  for (const event of ["pageshow", "resume"] as const) {
    await context.test(event, async (context) => {
      const { restore } = page(context);
      const visit = await welcomed(context);
      await pass(5_000);
      restore(event);
      assert.equal(pings(visit), 1);
      await pass(4_999);
      assert.equal(visit.peers.length, 1);
      await pass(1);
      assert.equal(visit.peers.length, 2);
    });
  }
});

test("a page that is shown for the first time does not interrupt its first attempt", async (context) => {
  const { load } = page(context);
  const visit = await enter(context);
  load();
  await pass(0);
  assert.equal(visit.peers.length, 1);
});

test("a line that died while the page was hidden is found within 5 seconds of its being shown", async (context) => {
  const { show } = page(context);
  const visit = await enter(context);
  show(false);
  visit.welcome();
  await pass(30_000);
  show(true);
  await pass(4_999);
  assert.equal(visit.peers.length, 1);
  await pass(1);
  assert.equal(visit.peers.length, 2);
});

test("a line that works stays when the browser says that the network is gone", async (context) => {
  const { network } = page(context);
  const visit = await welcomed(context);
  network(false);
  assert.deepEqual(visit.room.state.value, { status: "connected" });
  assert.equal(pings(visit), 1);
  visit.peer.sayText("pong");
  await pass(5_000);
  assert.equal(visit.peers.length, 1);
  assert.equal(visit.peer.closedWith, undefined);
});

test("a line that does not answer when the network is said to be gone is replaced, and attempts go on", async (context) => {
  const { network } = page(context);
  const visit = await welcomed(context);
  network(false);
  await pass(5_000);
  assert.deepEqual(visit.room.state.value, { status: "offline" });
  for (let attempt = 2; attempt < 8; attempt++) {
    assert.equal(visit.peers.length, attempt);
    visit.peer.fail();
    await pass(16_000);
  }
  network(true);
  await pass(0);
  assert.deepEqual(visit.room.state.value, { status: "reconnecting" });
});

test("a visit that begins where the browser sees no network connects, as to a server on this device", async (context) => {
  const { network } = page(context);
  network(false);
  const visit = await enter(context);
  assert.deepEqual(visit.room.state.value, { status: "offline" });
  assert.equal(visit.peers.length, 1);
  visit.welcome();
  assert.deepEqual(visit.room.state.value, { status: "connected" });
});

test("connect() is obeyed at once, whatever the browser says of the network", async (context) => {
  const { network } = page(context);
  const visit = await welcomed(context);
  visit.peer.end(1006);
  network(false);
  for (let attempt = 2; attempt < 6; attempt++) {
    visit.room.connect();
    await pass(0);
    assert.equal(visit.peers.length, attempt);
    visit.peer.fail();
  }
});

test("a client that waits for its next attempt says that it is offline, and goes on as soon as there is a network", async (context) => {
  const { network } = page(context);
  const visit = await welcomed(context);
  visit.peer.end(1006);
  network(false);
  assert.deepEqual(visit.room.state.value, { status: "offline" });
  assert.equal(visit.peers.length, 1);
  network(true);
  await pass(0);
  assert.equal(visit.peers.length, 2);
});
