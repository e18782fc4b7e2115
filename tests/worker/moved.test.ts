// A room in the place of one of PartyServer's, in real workerd: its values, its name, its alarm; and beside a request
// that is not for a room.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { createTestHarness } from "wrangler";
import { within } from "../support/client.ts";
import { root } from "../support/workerd.ts";

const harness = createTestHarness({
  root,
  workers: [
    {
      config: {
        name: "moved",
        main: "tests/support/moved/worker.js",
        compatibility_date: "2026-11-01",
        vars: { TEXT: "a text", NUMBERS: [1, 2] },
        services: [{ binding: "Service", service: "moved" }],
        durable_objects: { bindings: ["Moved", "Old"].map((name) => ({ name, class_name: name })) },
        migrations: [{ tag: "v1", new_sqlite_classes: ["Moved"], new_classes: ["Old"] }],
      },
    },
  ],
});

before(() => harness.listen());

after(() => harness.close());

interface Init {
  method?: string;
  body?: string;
}

async function ask(path: string, init: Init = {}): Promise<{ status: number; text: string }> {
  const answer = await within(`the answer to ${path}`, harness.fetch(path, init));
  return { status: answer.status, text: await answer.text() };
}

async function json(path: string): Promise<unknown> {
  const { status, text } = await ask(path);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

const logged = (): string =>
  harness
    .getLogs()
    .map((log) => log.message)
    .join("\n");

suite("values by key", () => {
  test("a value that `ctx.storage.put` wrote is read, and a value of the room `ctx.storage.get` reads", async () => {
    const room = `/named/${randomUUID()}`;
    await ask(`${room}?js=put`);
    assert.equal(await json(`${room}/value/text`), "plum");
    assert.equal(await json(`${room}/value/number`), 5);
    assert.deepEqual(await json(`${room}/value/list`), [1, 0.5, null, { deep: true }]);
    assert.deepEqual(await json(`${room}/value/unset`), { here: 1 });
    await ask(`${room}/value/ours`, { method: "PUT", body: '{"deep":[1,"x",null]}' });
    assert.deepEqual(await json(`${room}?js=get&key=ours`), { deep: [1, "x", null] });
  });

  test("a value that JSON cannot express is an error that says so, and it stays as it is", async () => {
    const room = `/named/${randomUUID()}`;
    await ask(`${room}?js=put`);
    for (const [key, kind] of [
      ["date", "a Date"],
      ["map", "a Map"],
      ["bytes", "a Uint8Array"],
      ["infinite", "Infinity"],
      ["big", "a BigInt"],
    ]) {
      assert.equal((await ask(`${room}/value/${key}`)).status, 500);
      assert.match(logged(), new RegExp(`the value of "${key}" was not stored as JSON: JSON cannot express ${kind}`));
    }
    assert.equal(await json(`${room}?js=get&key=date`), "1970-01-01T00:00:00.000Z");
  });

  test("an object whose class has no SQLite fails, and the log says why", async () => {
    assert.equal((await ask("/old/room/value/text?told=lobby")).status, 500);
    assert.match(logged(), /a value could not be read.*only available for SQLite-backed Durable Objects/);
  });
});

suite("the name of an object that was addressed by its id", () => {
  test("is the one that PartyServer has kept, also when an alarm wakes the room", async () => {
    const object = `/unique/${randomUUID()}`;
    await ask(`${object}?js=name&name=lobby`);
    assert.equal((await ask(`${object}?js=alarm`)).text, "rung");
    assert.match(logged(), /'the alarm has rung', room: 'lobby'/);
  });

  test("is the one that the worker tells, in any script", async () => {
    for (const name of ["lobby", "caf%C3%A9", "café", "größer", "日本 🎌"]) {
      const object = `/unique/${randomUUID()}`;
      const seen = (await json(`${object}?told=${encodeURIComponent(name)}`)) as { name: string };
      assert.equal(seen.name, name);
      assert.deepEqual(await json(`${object}?js=get&key=__ps_name`), name);
    }
  });

  test("is not another one, and a wrong one harms no request that comes after", async () => {
    const object = `/unique/${randomUUID()}`;
    await json(`${object}?told=lobby`);
    assert.equal((await ask(`${object}?told=cellar`)).status, 500);
    assert.match(logged(), /cannot be named "cellar"',\s*room: 'lobby',\s*event: 'on_request'/);
    const seen = (await json(object)) as { name: string };
    assert.equal(seen.name, "lobby");
  });
});

suite("bindings", () => {
  test("a namespace is one by what it can do, a service and a variable are none", async () => {
    await ask("/asked");
    assert.equal((await ask("/parties/fake/room")).status, 500);
    assert.ok(((await json("/asked")) as unknown[]).length > 0);
    for (const party of ["service", "t-e-x-t", "text", "numbers"]) {
      assert.deepEqual(await ask(`/parties/${party}/room`), { status: 400, text: "Invalid request" });
    }
    assert.match(logged(), /for the party "service"; there are: moved, old, fake/);
  });

  test("the platform repeats in the first attempt only, and not at all if nobody shall", async () => {
    const once = { retry: { maxRetries: 0 } };
    await ask("/asked");
    await ask("/parties/fake/room");
    assert.deepEqual(await json("/asked"), [{}, once, once]);
    await ask("/parties/fake/room", { method: "POST", body: "x" });
    assert.deepEqual(await json("/asked"), [{}]);
    await ask("/eu/fake/room");
    assert.deepEqual(await json("/asked"), [once]);
  });
});
