// The worker in real workerd, as wrangler's test harness runs it: `npm test` builds it first.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Room } from "party-client";
import { createTestHarness } from "wrangler";

const harness = createTestHarness({
  root: new URL("..", import.meta.url).pathname,
  workers: [{ configPath: "wrangler.jsonc" }],
});
const rooms = [];
let url;

before(async () => {
  ({ url } = await harness.listen());
});

after(async () => {
  for (const room of rooms) room.close();
  await harness.close();
});

/** Somebody on a wall. */
function visit(wall, name) {
  const room = new Room({ host: url.host, protocol: "ws", party: "wall", room: wall, presence: { name } });
  rooms.push(room);
  room.connect();
  return room;
}

/** Waits until an observable has a value that fits. */
function until(observable, fits) {
  return new Promise((resolve) => {
    const stop = observable.subscribe((value) => {
      if (!fits(value)) return;
      queueMicrotask(() => stop());
      resolve(value);
    });
  });
}

test("a note reaches everybody, and those who come later", async () => {
  const wall = randomUUID();
  const [ada, bob] = [visit(wall, "Ada"), visit(wall, "Bob")];
  await until(bob.state, ({ status }) => status === "connected");
  await ada.send({ text: "milk" }).done;
  const has = ({ items }) => items.some(({ body }) => body?.text === "milk" && body.by === "Ada");
  await until(bob.log, has);
  await until(visit(wall, "Cleo").log, has);
});

test("another address gets the page, and an unknown room's address leads nowhere", async () => {
  assert.match(await (await harness.fetch("/kitchen")).text(), /A wall of notes/);
  assert.equal((await harness.fetch("/parties/nobody/kitchen")).status, 400);
});
