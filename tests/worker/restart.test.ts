// The app as it is served on a machine: messages survive a power cut.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Guest } from "../support/chat.ts";
import { DevServer } from "../support/dev-server.ts";

test("after the server is killed and started again on the same disk the history is there", async () => {
  const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
  let server = await DevServer.start(disk);
  try {
    const ada = new Guest(server.url, "lobby");
    assert.deepEqual(await ada.history(), []);
    ada.say("1", "hello");
    assert.equal((await ada.frame()).type, "add");
    await server.kill();

    server = await DevServer.start(disk, Number(server.url.port));
    // partysocket comes back by itself, and the room answers it as it answers anyone.
    assert.deepEqual(await ada.history(), ["hello"]);
    ada.leave();
  } finally {
    await server.kill();
    rmSync(disk, { recursive: true, force: true });
  }
});
