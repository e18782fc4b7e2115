// The chat on a plain workerd, as `cargo xtask serve` and the container run it: killed, restarted, backed up and
// restored.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { cpSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Server } from "../chaos/server.ts";
import { allLeave, browser, Member } from "../support/member.ts";

const key = "an operator key of a test";
const folder = mkdtempSync(join(tmpdir(), "party-self-hosted-"));
const servers = new Set<Server>();

async function serve(state: string): Promise<Server> {
  const server = await Server.selfHosted(join(folder, state), { OPERATOR_KEY: key });
  servers.add(server);
  return server;
}

/** Returns the status of the answer to an operator who asks about a room. */
async function inspection(server: Server, key: string): Promise<number> {
  const headers = { Authorization: `Bearer ${key}` };
  const response = await fetch(new URL(`/parties/chat/${randomUUID()}/inspection`, server.url), { headers });
  return response.status;
}

let server: Server;

before(async () => {
  server = await serve("state");
});

after(async () => {
  allLeave();
  for (const server of servers) await server.end("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

test("the page and rooms are served, and variables reach the rooms", async () => {
  const page = await fetch(new URL("/some-room", server.url));
  assert.match(await page.text(), /<!doctype html>/i);
  assert.equal(await inspection(server, key), 200);
});

test("the container's start hands over the operators' key as it is, and writes it for its owner alone", async () => {
  const odd = `a key with "quotes", \\, & and |`;
  const contained = await Server.contained(join(folder, "volume"), join(folder, "image"), odd);
  servers.add(contained);
  assert.equal(await inspection(contained, odd), 200);
  assert.equal(await inspection(contained, key), 401);
  assert.equal(statSync(join(folder, "volume/wrangler.jsonc")).mode & 0o777, 0o600);
});

test("a process that is killed has lost nothing, and its clients go on where they were", async () => {
  const room = randomUUID();
  const ada = new Member(server.url, room, "Ada");
  await ada.connected();
  ada.say("before");
  await ada.settled();
  await server.end("SIGKILL");
  await server.restart();
  await ada.connected();
  ada.say("after");
  await ada.sees("before", "after");
  const bob = new Member(server.url, room, "Bob");
  await bob.sees("before", "after");
});

test("a backup that is restored in another folder has the history", async () => {
  const room = randomUUID();
  const tabs = browser();
  const ada = new Member(server.url, room, "Ada", tabs);
  await ada.connected();
  ada.say("in the backup");
  await ada.settled();

  await server.end("SIGKILL");
  cpSync(join(folder, "state"), join(folder, "restored"), { recursive: true });
  await server.restart();
  await ada.connected();
  ada.say("not in the backup");
  await ada.sees("in the backup", "not in the backup");
  ada.leave();

  const restored = await serve("restored");
  const again = new Member(restored.url, room, "Ada", tabs);
  await again.sees("in the backup");
});
