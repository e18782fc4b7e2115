// Operators in real workerd: the log's fields, observations, and requests with the operator key.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { Client } from "../support/client.ts";
import { allLeave, Member } from "../support/member.ts";
import { serve, serveWith, type Answer, type Served } from "../support/workerd.ts";

suite("the probe", () => {
  let worker: Served;

  before(async () => {
    worker = await serve("tests/probe/build/index.js", "Probe");
  });

  after(() => worker.close());

  test("a line of the log has the room, the hook, the connection and the id that the client was sent", async () => {
    const room = randomUUID();
    const client = await Client.connect(new URL(`/parties/probe/${room}?_pk=ada&connect_do=fail`, worker.url));
    const { errorId } = JSON.parse(String(await client.receive())) as { errorId: string };
    await client.closed();
    const line = worker.logs().find((line) => line.includes(errorId)) ?? "";
    for (const [name, value] of Object.entries({ level: "error", event: "on_connect", connection: "ada", room, error: errorId })) {
      assert.match(line, new RegExp(`\\b${name}: ["']${value}["']`));
    }
    assert.match(line, /secret of on_connect/);
  });

  test("an observation has the rows that the platform counts", async () => {
    const path = `/parties/probe/${randomUUID()}`;
    await (await worker.fetch(`${path}/observed`)).text();
    await (await worker.fetch(`${path}/rows`, { method: "POST", body: "7" })).text();
    const observed = JSON.parse(await (await worker.fetch(`${path}/observed`)).text());
    const rows = observed.find(({ written }: { written: number }) => written > 0);
    assert.deepEqual([rows?.hook, rows?.written >= 7, rows?.read >= 7], ["on_request", true, true]);
  });
});

suite("the chat", () => {
  const key = "an operator key of a test";
  let worker: Served;

  before(async () => {
    worker = await serveWith({ vars: { OPERATOR_KEY: key } }, "build/index.js", "Chat");
  });

  after(async () => {
    allLeave();
    await worker.close();
  });

  const ask = (method: string, path: string, body?: unknown): Promise<Answer> =>
    worker.fetch(`/parties/chat/${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test("an operator's message reaches everybody, also after the room has slept", async () => {
    const room = randomUUID();
    const ada = new Member(worker.url, room, "Ada");
    await ada.connected();
    await worker.evict(room);
    const posted = await ask("POST", `${room}/entries`, { member: "ci", profile: { name: "CI" }, body: { content: "deployed" } });
    assert.equal(posted.status, 201);
    await ada.sees("deployed");
    const { entries } = JSON.parse(await (await ask("GET", `${room}/entries`)).text());
    assert.deepEqual(entries.map(({ author, body }: { author: string; body: unknown }) => [author, body]), [
      ["ci", { content: "deployed", user: "CI", role: "user" }],
    ]);
  });

  test("a name that shows somebody else is refused for an operator's message, too", async () => {
    const body = { member: "ci", profile: { name: "\u202e" }, body: { content: "deployed" } };
    assert.equal((await ask("POST", `${randomUUID()}/entries`, body)).status, 400);
  });

  test("a room is inspected, exported and destroyed", async () => {
    const room = randomUUID();
    const ada = new Member(worker.url, room, "Ada");
    await ada.connected();
    for (let number = 1; number <= 300; number++) {
      const body = { member: `bot-${number % 20}`, body: { content: `${number} ${"long ".repeat(300)}` } };
      assert.equal((await ask("POST", `${room}/entries`, body)).status, 201);
    }
    const state = JSON.parse(await (await ask("GET", `${room}/inspection`)).text());
    assert.deepEqual([state.room, state.party, state.connections, state.channel.head], [room, "chat", 1, 300]);
    assert.ok(state.stored_bytes > 300 * 1_500, `${state.stored_bytes}`);
    assert.equal(state.hooks.find(({ hook }: { hook: string }) => hook === "on_request").calls, 300);

    const exported = (await (await ask("GET", `${room}/export`)).text()).trimEnd().split("\n");
    assert.deepEqual(exported.map((line) => JSON.parse(line).seq), [undefined, ...Array.from({ length: 300 }, (_, at) => at + 1)]);

    assert.equal((await ask("DELETE", room)).status, 204);
    assert.equal(JSON.parse(await (await ask("GET", `${room}/entries`)).text()).head, 0);
  });

  test("the page's address and a wrong key learn nothing", async () => {
    const room = randomUUID();
    for (const path of ["entries", "export", "inspection"]) {
      const headers = { Authorization: "Bearer an operator key of a tesT" };
      assert.equal((await worker.fetch(`/parties/chat/${room}/${path}`, { headers })).status, 401);
      assert.equal((await worker.fetch(`/parties/chat/${room}/${path}`)).status, 401);
    }
  });
});
