// The example of live cursors in real workerd: binary moves, a sleep in the middle, a flood.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { decodeMove, encodeMove, type Point, type Told } from "../../examples/cursors/client/wire.ts";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

/** How many moves the room sends on in one second. */
const MOVES_A_SECOND = 50;

let worker: Served;

before(async () => {
  worker = await serve("examples/cursors/build/index.js", "Cursors");
});

after(() => worker.close());

/** Somebody who has come to a room, and how they were welcomed. */
async function join(room: string): Promise<[client: Client, welcome: Extract<Told, { type: "welcome" }>]> {
  const client = await Client.connect(new URL(`/parties/cursors/${room}`, worker.url));
  const welcome = await told(client);
  assert.ok(welcome.type === "welcome", JSON.stringify(welcome));
  return [client, welcome];
}

async function told(client: Client): Promise<Told> {
  const received = await client.receive();
  assert.ok(typeof received === "string", "expected text, got a move");
  return JSON.parse(received);
}

/** The next message, which must be a move. */
async function moved(client: Client): Promise<{ number: number; at: Point }> {
  const received = await client.receive();
  assert.ok(typeof received !== "string", `expected a move, got ${received}`);
  return decodeMove(Uint8Array.from(received).buffer);
}

test("moves reach the others before and after the room has slept, and who comes is told where everybody points", async () => {
  const room = randomUUID();
  const [ada, { you }] = await join(room);
  assert.deepEqual([you.number, you.at], [1, null]);
  const [bob] = await join(room);
  assert.equal((await told(ada)).type, "join");

  ada.send(encodeMove({ x: 1, y: 65_535 }));
  assert.deepEqual(await moved(bob), { number: 1, at: { x: 1, y: 65_535 } });
  await worker.evict(room);
  bob.send(encodeMove({ x: 300, y: 0 }));
  assert.deepEqual(await moved(ada), { number: 2, at: { x: 300, y: 0 } });

  const [cy, { others }] = await join(room);
  assert.deepEqual(others.map(({ number, at }) => [number, at]), [[1, null], [2, { x: 300, y: 0 }]]);
  assert.deepEqual([(await told(ada)).type, (await told(ada)).type], ["join", "where"]);
  ada.send(encodeMove({ x: 1, y: 65_535 }));
  assert.deepEqual(await moved(cy), { number: 1, at: { x: 1, y: 65_535 } });

  ada.close();
  assert.deepEqual(await told(cy), { type: "leave", number: 1 });
  for (const client of [bob, cy]) client.close();
});

test("what is no move is answered to its sender and reaches nobody else", async () => {
  const room = randomUUID();
  const [[eve], [bob]] = [await join(room), await join(room)];
  await told(eve);
  for (const bad of ["hello", new Uint8Array(0), new Uint8Array(5), new Uint8Array(1_000_000)]) {
    eve.send(bad);
    const answer = await told(eve);
    assert.ok(answer.type === "error" && answer.code === "bad_message", JSON.stringify(answer));
  }
  eve.send(encodeMove({ x: 5, y: 6 }));
  assert.deepEqual(await moved(bob), { number: 1, at: { x: 5, y: 6 } });
  for (const client of [eve, bob]) client.close();
});

test("of a flood only so many moves a second are sent on", async () => {
  const room = randomUUID();
  const [[eve], [bob]] = [await join(room), await join(room)];
  const started = Date.now();
  for (let x = 0; x < 2000; x++) eve.send(encodeMove({ x, y: 0 }));
  eve.close();
  let moves = 0;
  while (typeof (await bob.receive()) !== "string") moves++;
  const seconds = Math.ceil((Date.now() - started) / 1000) + 1;
  assert.ok(moves >= MOVES_A_SECOND && moves <= seconds * MOVES_A_SECOND, `${moves} moves in ${seconds} s`);
  bob.close();
});
