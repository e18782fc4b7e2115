// Several parties in one worker, one of them from another crate, one asking the other, and axum in front.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("examples/front/build/index.js", "Dice", "Board");
});

after(() => worker.close());

test("a room reports to a room of another party, from another crate, and axum asks that", async () => {
  const tables = await Promise.all(["a", "b"].map((room) => Client.connect(new URL(`/parties/dice/${room}`, worker.url))));
  let sum = 0;
  for (const table of [...tables, ...tables]) {
    table.send(JSON.stringify("Ada"));
    sum += JSON.parse(String(await table.receive())).points;
  }
  const answer = await worker.fetch("/api/best");
  assert.deepEqual(JSON.parse(await answer.text()), [{ player: "Ada", points: sum }]);
  for (const table of tables) table.close();
});

test("a request for no room is axum's, and each party has its own rooms", async () => {
  assert.equal((await worker.fetch("/api/nothing")).status, 404);
  assert.equal((await worker.fetch("/parties/board/a")).status, 404);
  assert.equal((await worker.fetch("/parties/nobody/a")).status, 400);
});
