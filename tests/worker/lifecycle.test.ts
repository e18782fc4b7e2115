// What only the real platform can show of a room's life: events that come while it starts, and its name after a sleep.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("tests/probe/build/index.js", "Probe");
});

after(() => worker.close());

/** A client of a room, and a way to ask it something. */
async function guest(room: string): Promise<{ client: Client; ask: (command: object) => Promise<unknown> }> {
  const client = await Client.connect(new URL(`/parties/probe/${room}?_pk=a`, worker.url));
  await client.receive();
  const ask = async (command: object): Promise<unknown> => {
    client.send(JSON.stringify(command));
    return JSON.parse(String(await client.receive()));
  };
  return { client, ask };
}

test("requests and messages that come while the room starts wait for it, and it starts once", async () => {
  const room = randomUUID();
  const { client, ask } = await guest(room);
  assert.deepEqual(await ask({ do: "slow_next_start" }), { reply: "set" });
  await worker.evict(room);
  const requests = Array.from({ length: 5 }, () => worker.fetch(`/parties/probe/${room}/starts`));
  assert.deepEqual(await ask({ do: "starts" }), { reply: 2 });
  for (const answer of await Promise.all(requests)) assert.equal(await answer.text(), "2");
  client.close();
});

test("a room knows its name after it has slept", async () => {
  const room = "caf%C3%A9";
  const { client, ask } = await guest(room);
  assert.deepEqual(await ask({ do: "name" }), { reply: room });
  await worker.evict(room);
  assert.deepEqual(await ask({ do: "name" }), { reply: room });
  client.close();
});
