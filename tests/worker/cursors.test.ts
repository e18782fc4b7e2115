// The example of live cursors in real workerd: binary moves, a sleep in the middle, a flood.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { decodeMove, encodeMove, type Point, type RoomFrame, type Roster } from "../../examples/cursors/client/wire.ts";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

/** How many moves of one member the room sends on at once, and in every second after that. */
const MOVES = 50;

let worker: Served;

before(async () => {
  worker = await serve("examples/cursors/build/index.js", "Cursors");
});

after(() => worker.close());

/** Returns a client that has joined a room, its number, and who is here. */
async function join(room: string): Promise<{ client: Client; number: number; roster: Roster }> {
  const client = await Client.connect(new URL(`/parties/cursors/${room}`, worker.url));
  const welcome = await frame(client);
  assert.ok(welcome.type === "welcome", JSON.stringify(welcome));
  for (;;) {
    const roster = await frame(client);
    assert.ok(roster.type === "presence", JSON.stringify(roster));
    if (roster.members) return { client, number: welcome.number, roster };
  }
}

/** Returns the next message, which must be JSON. */
async function frame(client: Client): Promise<RoomFrame> {
  const received = await client.receive();
  assert.ok(typeof received === "string", "expected text, got a move");
  return JSON.parse(received);
}

/** Returns the next message, which must be a move. */
async function moved(client: Client): Promise<{ number: number; at: Point }> {
  const received = await client.receive();
  assert.ok(typeof received !== "string", `expected a move, got ${received}`);
  return decodeMove(Uint8Array.from(received).buffer);
}

test("moves reach the others before and after the room has slept, and a client that joins is sent all places", async () => {
  const room = randomUUID();
  const { client: ada, number } = await join(room);
  assert.equal(number, 1);
  const { client: bob } = await join(room);
  const joined = { type: "presence", count: 2, join: [{ member: "2", data: 2 }] };
  assert.deepEqual(await frame(ada), joined);

  ada.send(encodeMove({ x: 1, y: 65_535 }));
  assert.deepEqual(await moved(bob), { number: 1, at: { x: 1, y: 65_535 } });
  await worker.evict(room);
  bob.send(encodeMove({ x: 300, y: 0 }));
  assert.deepEqual(await moved(ada), { number: 2, at: { x: 300, y: 0 } });

  const { client: cy, roster } = await join(room);
  assert.deepEqual(roster.members?.map(({ data }) => data), [1, 2, 3]);
  assert.deepEqual(await moved(cy), { number: 2, at: { x: 300, y: 0 } });
  assert.deepEqual([(await frame(ada)).type, (await frame(ada)).type], ["presence", "where"]);
  ada.send(encodeMove({ x: 1, y: 65_535 }));
  assert.deepEqual(await moved(cy), { number: 1, at: { x: 1, y: 65_535 } });

  ada.close();
  assert.deepEqual(await frame(cy), { type: "presence", count: 2, leave: ["1"] });
  for (const client of [bob, cy]) client.close();
});

test("a message that is not a move is answered to its sender and reaches nobody else", async () => {
  const room = randomUUID();
  const [{ client: eve }, { client: bob }] = [await join(room), await join(room)];
  await frame(eve);
  for (const bad of ["hello", new Uint8Array(0), new Uint8Array(5), new Uint8Array(1_000_000)]) {
    eve.send(bad);
    const answer = await frame(eve);
    assert.ok(answer.type === "error" && answer.code === "bad_message", JSON.stringify(answer));
  }
  eve.send(encodeMove({ x: 5, y: 6 }));
  assert.deepEqual(await moved(bob), { number: 1, at: { x: 5, y: 6 } });
  for (const client of [eve, bob]) client.close();
});

test("a flood is cut to the rate of one member", async () => {
  const room = randomUUID();
  const [{ client: eve }, { client: bob }] = [await join(room), await join(room)];
  const started = Date.now();
  for (let x = 0; x < 2000; x++) eve.send(encodeMove({ x, y: 0 }));
  eve.close();
  let moves = 0;
  while (typeof (await bob.receive()) !== "string") moves++;
  const seconds = Math.ceil((Date.now() - started) / 1000) + 1;
  assert.ok(moves >= MOVES && moves <= seconds * MOVES, `${moves} moves in ${seconds} s`);
  bob.close();
});
