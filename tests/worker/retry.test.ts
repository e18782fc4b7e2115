// The router when an object cannot be reached, with an object in real workerd that fails on command.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createTestHarness } from "wrangler";
import { within } from "../support/client.ts";
import { root } from "../support/workerd.ts";

const date = { compatibility_date: "2026-11-01" };
const harness = createTestHarness({
  root,
  workers: [
    {
      config: {
        ...date,
        name: "probe",
        main: "tests/probe/build/index.js",
        durable_objects: {
          bindings: [
            { name: "Probe", class_name: "Probe" },
            { name: "Flaky", class_name: "Flaky", script_name: "flaky" },
          ],
        },
        migrations: [{ tag: "v1", new_sqlite_classes: ["Probe"] }],
      },
    },
    {
      config: {
        ...date,
        name: "flaky",
        main: "tests/support/flaky/worker.js",
        durable_objects: { bindings: [{ name: "Flaky", class_name: "Flaky" }] },
        migrations: [{ tag: "v1", new_sqlite_classes: ["Flaky"] }],
      },
    },
  ],
});

before(() => harness.listen());

after(() => harness.close());

/** Returns the answer of a room that fails so often in this way. */
async function answer(room: string, init: { method?: string; body?: string } = {}): Promise<string> {
  const response = await within("the answer", harness.fetch(`/parties/flaky/${room}`, init));
  return response.status === 200 ? response.text() : `${response.status}`;
}

test("an object that fails in a retryable way is asked three times", async () => {
  assert.equal(await answer("retryable-0"), "attempt 1");
  assert.equal(await answer("retryable-1"), "attempt 2");
  assert.equal(await answer("retryable-2"), "attempt 3");
});

test("on_retry is told of each repetition, and its own failure is only logged", async () => {
  const response = await within("the answer", harness.fetch("/retold/flaky/retryable-2-retold"));
  assert.equal(await response.text(), "attempt 3");
  const lines = harness.getLogs().map((log) => log.message);
  const failures = lines.filter((line) => line.includes("on_retry failed"));
  assert.deepEqual(failures.map((line) => /attempt \d of flaky/.exec(line)?.[0]), ["attempt 1 of flaky", "attempt 2 of flaky"]);
});

test("after the third attempt the request fails", async () => {
  assert.equal(await answer("retryable-3"), "500");
  assert.equal(await answer("retryable-3"), "attempt 4");
});

test("an object that is overloaded, or fails permanently, is asked once", async () => {
  for (const kind of ["overloaded", "fatal"]) {
    assert.equal(await answer(`${kind}-1`), "500");
    assert.equal(await answer(`${kind}-1`), "attempt 2");
  }
});

test("a request with a body is tried once, and a body that nobody reads holds up nothing", async () => {
  const post = { method: "POST", body: "x".repeat(100_000) };
  assert.equal(await answer("fatal-0", post), "attempt 1");
  assert.equal(await answer("retryable-4", post), "500");
  const refused = within("the answer", harness.fetch("/parties/probe/room/refuse", post));
  assert.equal((await refused).status, 418);
});
