// The part of a room's life that only the real platform can show: events that come while it starts, and its name after
// a sleep.

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

/** Returns a client of a room, and a way to ask it something. */
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

test("a message of more than 1 MiB ends the connection, counted in bytes, and the room goes on", async () => {
  const room = randomUUID();
  const { client, ask } = await guest(room);
  const text = "x".repeat(1024 * 1024 - 30);
  assert.deepEqual(await ask({ do: "echo", text }), { reply: text });
  const reason = "a message has at most 1048576 bytes";
  client.send("x".repeat(1024 * 1024 + 1));
  assert.deepEqual(await client.closed(), { code: 1009, reason });
  for (const large of ["é".repeat(600_000), "€".repeat(4_000_000), new Uint8Array(20_000_000)]) {
    const other = await Client.connect(new URL(`/parties/probe/${room}?_pk=b`, worker.url));
    other.send(large);
    assert.deepEqual(await other.closed(), { code: 1009, reason });
  }
  const last = await guest(room);
  assert.deepEqual(await last.ask({ do: "starts" }), { reply: 1 });
  last.client.close();
});

test("a client that sends bytes that are not a frame is closed, and the others are notified", async () => {
  const room = randomUUID();
  const { client, ask } = await guest(room);
  const other = await Client.connect(new URL(`/parties/probe/${room}?_pk=b`, worker.url));
  await other.receive();
  other.sendNonsense();
  const { closed, code } = JSON.parse(String(await client.receive()));
  assert.deepEqual({ closed, code }, { closed: "b", code: 1006 });
  assert.deepEqual(await ask({ do: "connections" }), { reply: ["a"] });
  client.close();
});
