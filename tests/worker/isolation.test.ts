// The effect of one room's panic on the others: they lose their memory, but their callers always get an answer.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { Client, within } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("tests/probe/build/index.js", "Probe");
});

after(() => worker.close());

/** What a request comes to: its status, or that it broke off. */
async function outcome(path: string): Promise<number | "broke off"> {
  try {
    const answer = await worker.fetch(path);
    assert.doesNotMatch(await answer.text(), /secret/);
    return answer.status;
  } catch {
    return "broke off";
  }
}

test("a room that panics fails its caller and every other room's at once, and all go on", async () => {
  const [quiet, loud] = [`/parties/probe/${randomUUID()}`, `/parties/probe/${randomUUID()}`];
  const guest = await Client.connect(new URL(`${quiet}?_pk=a&tags=red`, worker.url));
  await guest.receive();
  const ask = async (command: object): Promise<unknown> => {
    guest.send(JSON.stringify(command));
    return JSON.parse(String(await guest.receive()));
  };
  assert.deepEqual(await ask({ do: "set_state", state: "kept" }), { reply: "set" });

  const slow = outcome(`${quiet}/slow`);
  assert.deepEqual(await ask({ do: "starts" }), { reply: 1 });
  const failed = await within("the answer of the room that panics", outcome(`${loud}/panic`));
  assert.ok(failed === 500 || failed === "broke off", `${failed}`);
  const broken = await within("the answer of the room beside it", slow);
  assert.ok(broken === 500 || broken === "broke off", `${broken}`);

  assert.deepEqual(await ask({ do: "starts" }), { reply: 2 });
  assert.deepEqual(await ask({ do: "state" }), { reply: "kept" });
  assert.deepEqual(await ask({ do: "tags" }), { reply: ["a", "red"] });
  assert.equal(await outcome(loud), 200);
  guest.close();
});

test("a job that panics is tried again, and those behind it run", async () => {
  const guest = await Client.connect(new URL(`/parties/probe/${randomUUID()}?_pk=a`, worker.url));
  await guest.receive();
  // Both at once: on a busy machine the first job may run before an answer to its command has come.
  guest.send(JSON.stringify({ do: "job", key: "panic", after: 50 }));
  guest.send(JSON.stringify({ do: "job", key: "after", after: 100 }));
  const jobs = new Set<string>();
  // What a room sends before it panics may be lost with it.
  while (!jobs.has("panic 2") || !jobs.has("after 1")) {
    const { job, attempt } = JSON.parse(String(await guest.receive()));
    if (job !== undefined) jobs.add(`${job} ${attempt}`);
  }
  assert.ok(!jobs.has("panic 3") && !jobs.has("after 2"), [...jobs].join());
  guest.close();
});

test("a hook that fails harms nobody else", async () => {
  const [quiet, loud] = [`/parties/probe/${randomUUID()}`, `/parties/probe/${randomUUID()}`];
  const guest = await Client.connect(new URL(`${quiet}?_pk=a`, worker.url));
  await guest.receive();
  assert.equal(await outcome(`${loud}/fail`), 500);
  guest.send(JSON.stringify({ do: "starts" }));
  assert.deepEqual(JSON.parse(String(await guest.receive())), { reply: 1 });
  guest.close();
});
