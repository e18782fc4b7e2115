// The worker's part in real workerd: prefixes, doorkeepers, CORS, props, stubs and remote calls.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "../support/client.ts";
import { root, serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("tests/probe/build/index.js", "Probe");
});

after(() => worker.close());

const guarded = (rest: string): string => `/api/guarded/probe/${randomUUID()}${rest}`;
const upgrade = { headers: { Upgrade: "websocket" } };

test("a prefix may have several segments, and another path leads past the router", async () => {
  assert.equal((await worker.fetch(guarded("/"))).status, 200);
  assert.equal((await worker.fetch("/api/probe/room")).status, 404);
  assert.equal((await worker.fetch("/parties/probe")).status, 404);
});

test("an unknown party under a matching prefix is a bad request, and the log says what there is", async () => {
  const answer = await worker.fetch("/parties/main/room");
  assert.deepEqual([answer.status, await answer.text()], [400, "Invalid request"]);
  const log = worker.logs().join("\n");
  assert.match(log, /"main".*probe/s);
  assert.match(log, /PartySocket client asks for that is given no `party`/);
});

test("the name of an unknown party is cut in the log", async () => {
  const party = "x".repeat(10_000);
  assert.equal((await worker.fetch(`/parties/${party}/room`)).status, 400);
  const lines = worker.logs().filter((line) => line.includes("xxx"));
  assert.match(lines.join("\n"), /"x{64}"/);
  assert.ok(lines.every((line) => line.length < 1000));
});

test("an unknown party is refused before CORS is looked at", async () => {
  for (const method of ["GET", "OPTIONS"]) {
    const answer = await fetch(new URL("/api/guarded/nobody/room", worker.url), { method });
    assert.deepEqual([answer.status, answer.headers.get("access-control-allow-origin")], [400, null]);
  }
});

test("every response says what its body is, and is not sniffed", async () => {
  const room = `/parties/probe/${randomUUID()}`;
  const text = "text/plain; charset=utf-8";
  for (const [path, type] of [
    [`${room}/text`, text],
    [`${room}/bytes`, "application/octet-stream"],
    [`${room}/props`, "application/json"],
    [`${room}/refuse`, text],
    [`${room}/fail`, text],
    [`${room}/impossible`, text],
    ["/parties/nobody/room", text],
    [guarded("/?door=answer"), text],
    [guarded("/?door=replace"), "application/json"],
    [`/stub/${randomUUID()}`, "application/json"],
  ] as const) {
    const { headers } = await fetch(new URL(path, worker.url));
    assert.deepEqual([headers.get("content-type"), headers.get("x-content-type-options")], [type, "nosniff"], path);
  }
  const preflight = await fetch(new URL(guarded("/"), worker.url), { method: "OPTIONS" });
  assert.equal(preflight.headers.get("x-content-type-options"), "nosniff");
});

test("pages of other sites are refused before a doorkeeper is asked and a room wakes", async () => {
  const room = `/own/probe/${randomUUID()}`;
  const foreign = { Origin: "https://evil.example" };
  for (const headers of [foreign, { ...foreign, ...upgrade.headers }, { Origin: "null" }]) {
    const answer = await worker.fetch(`${room}/starts?door=answer`, { headers });
    assert.deepEqual([answer.status, await answer.text()], [403, "Origin not allowed"]);
  }
  const preflight = await worker.fetch(room, { method: "OPTIONS", headers: foreign });
  assert.equal(preflight.status, 403);
  for (const Origin of [worker.url.origin, "https://app.example", "https://a.app.example"]) {
    const answer = await worker.fetch(`${room}/starts`, { headers: { Origin } });
    assert.deepEqual([answer.status, await answer.text()], [200, "1"]);
    const client = await Client.connect(new URL(`${room}?_pk=a`, worker.url), [], { Origin });
    assert.deepEqual(JSON.parse(String(await client.receive())), { hello: "a" });
    client.close();
  }
  assert.equal((await worker.fetch(`${room}/starts`)).status, 200);
});

test("of the subprotocols that a client offers the router selects the first that it knows, and the room is told", async () => {
  const selected = async (path: string, offered: string[]): Promise<string> => {
    const client = await Client.connect(new URL(`${path}?_pk=a&connect_do=subprotocol`, worker.url), offered);
    const told = JSON.parse(String(await client.receive())).subprotocol;
    assert.equal(told, client.subprotocol);
    client.close();
    return told;
  };
  const room = `/own/probe/${randomUUID()}`;
  assert.equal(await selected(room, ["chat.v2", "chat.v1"]), "chat.v2");
  assert.equal(await selected(room, ["other", "chat.v1", "party"]), "chat.v1");
  assert.equal(await selected(room, ["party", "chat.v1"]), "party");
  assert.equal(await selected(`/parties/probe/${randomUUID()}`, ["chat.v1", "party"]), "party");
});

test("every name that a client can ask for is a room of its own", async () => {
  const file = join(root, "tests/fixtures/room-names.json");
  const cases: { name: string; ok: boolean; path?: string }[] = JSON.parse(readFileSync(file, "utf8"));
  for (const { name, path } of cases.filter(({ ok }) => ok)) {
    const answer = await worker.fetch(`/parties/probe/${path}/rest?a=1`);
    const seen = JSON.parse(await answer.text());
    assert.deepEqual([seen.name, seen.decoded, seen.path], [path, name, `/parties/probe/${path}/rest?a=1`]);
  }
});

test("a doorkeeper sees where a request wants to go, and may answer it", async () => {
  const room = randomUUID();
  const address = `/api/guarded/probe/${room}?door=answer`;
  for (const init of [{}, upgrade]) {
    const answer = await worker.fetch(address, init);
    assert.deepEqual([answer.status, await answer.text()], [401, `Probe probe ${room}`]);
  }
});

test("a doorkeeper may replace a request", async () => {
  const answer = await worker.fetch(guarded("/?door=replace"), { headers: { "x-probe": "sent" } });
  assert.equal(JSON.parse(await answer.text()).header, "replaced");
});

test("a doorkeeper may set a header, and the rest of the request stays", async () => {
  const answer = await worker.fetch(guarded("/?door=mark"), { method: "POST", body: "hi" });
  const { header, method, body } = JSON.parse(await answer.text());
  assert.deepEqual({ header, method, body }, { header: "marked", method: "POST", body: "hi" });
});

test("a doorkeeper may replace an upgrade, and the room sees the request that takes its place", async () => {
  const client = await Client.connect(new URL(guarded("?_pk=a&connect_do=header&door=mark"), worker.url));
  assert.deepEqual(JSON.parse(String(await client.receive())), { header: "marked" });
  client.close();
});

test("the router's props reach the start of the room, a client's do not", async () => {
  const forged = Buffer.from('{"plan":"forged"}').toString("base64");
  const headers = { "x-partykit-props": forged, "x-partykit-room": "forged", "x-partykit-start": "1", "x-partykit-call": "1" };
  const answer = await worker.fetch(guarded("/props"), { headers });
  assert.deepEqual(JSON.parse(await answer.text()), { plan: "größer" });
  const plain = await worker.fetch(`/parties/probe/${randomUUID()}/props`, { headers });
  assert.equal(JSON.parse(await plain.text()), null);
});

test("other sites may read responses where CORS is on, and a preflight is answered before the doorkeeper", async () => {
  const expected = { origin: "*", methods: "GET, POST, HEAD, OPTIONS", age: "86400" };
  const seen = (answer: { headers: Headers }) => ({
    origin: answer.headers.get("access-control-allow-origin"),
    methods: answer.headers.get("access-control-allow-methods"),
    age: answer.headers.get("access-control-max-age"),
  });
  const ask = (path: string, method = "GET") => fetch(new URL(path, worker.url), { method });
  const preflight = await ask(guarded("/?door=answer"), "OPTIONS");
  assert.deepEqual([preflight.status, seen(preflight)], [200, expected]);
  for (const path of ["/", "/?door=answer", "/refuse", "/empty"]) assert.deepEqual(seen(await ask(guarded(path))), expected);
  assert.equal((await ask(guarded("/refuse"))).status, 418);
  const plain = await ask(`/parties/probe/${randomUUID()}/`);
  assert.equal(plain.headers.get("access-control-allow-origin"), null);
  assert.equal((await ask(`/parties/probe/${randomUUID()}/`, "OPTIONS")).status, 200);
});

test("where an app names the headers of CORS, responses and preflights have those and no others", async () => {
  for (const method of ["GET", "OPTIONS"]) {
    const { headers } = await fetch(new URL(`/own/probe/${randomUUID()}/`, worker.url), { method });
    const seen = [...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary");
    assert.deepEqual(Object.fromEntries(seen), { "access-control-allow-origin": "https://app.example", vary: "Origin" });
  }
});

test("a jurisdiction is asked of the platform, and what the platform throws harms nobody", async () => {
  // workerd has no jurisdictions, and says so when it is asked for one.
  const answer = await worker.fetch(`/eu/probe/${randomUUID()}`);
  assert.equal(answer.status, 500);
  assert.match(worker.logs().join("\n"), /Jurisdiction restrictions are not implemented/);
  assert.equal((await worker.fetch(`/parties/probe/${randomUUID()}`)).status, 200);
});

test("an upgrade passes a router with options", async () => {
  const client = await Client.connect(new URL(guarded("?_pk=a"), worker.url));
  assert.deepEqual(JSON.parse(String(await client.receive())), { hello: "a" });
  client.close();
});

test("a remote call starts the room, with props, and is answered with its own type", async () => {
  const room = randomUUID();
  assert.equal(await (await worker.fetch(`/call/${room}/3`)).text(), "3");
  assert.equal(await (await worker.fetch(`/call/${room}/4`)).text(), "7");
  const props = await worker.fetch(`/parties/probe/${room}/props`);
  assert.deepEqual(JSON.parse(await props.text()), { plan: "called" });
});

test("a call that is refused says why, one that fails tells nothing", async () => {
  const refused = await worker.fetch(`/call/${randomUUID()}/refuse`);
  assert.deepEqual([refused.status, await refused.text()], [403, "not you"]);
  const failed = await worker.fetch(`/call/${randomUUID()}/fail`);
  assert.equal(failed.status, 502);
  assert.doesNotMatch(await failed.text(), /secret/);
});

test("a request can be sent through a stub", async () => {
  const room = randomUUID();
  const answer = await worker.fetch(`/stub/${room}`, { method: "POST", body: "hi" });
  const seen = JSON.parse(await answer.text());
  assert.deepEqual([seen.name, seen.body, seen.props], [room, "hi", false]);
});
