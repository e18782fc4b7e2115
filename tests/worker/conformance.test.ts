// The conformance scripts in real workerd. `tests/conformance/README.md` says what a step means.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Client } from "../support/client.ts";
import { root, serveWith, type Served } from "../support/workerd.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Content {
  json?: Json;
  text?: string;
  bytes?: number[];
}

/** A query of the database, as a text or with a part of it repeated. */
type Query = string | { start: string; repeat?: string; times?: number; end?: string; params?: Json[] };

type Step =
  | { connect: string; as?: string; query?: Record<string, string>; defies?: true; status?: number; text?: string }
  | ({ send: string } & Content)
  | ({ receive: string } & Content)
  | { close: string; code?: number; reason?: string }
  | { closed: string; code: number; reason: string }
  | ({ request: string; method?: string; headers?: Record<string, string>; body?: string; status: number } & Content)
  | { by: string; accepts: Query[] }
  | { by: string; refuses: Query[] }
  | { evict: true }
  | { advance: number };

interface Case {
  name: string;
  steps: Step[];
}

const folder = join(root, "tests/conformance");
let worker: Served;

before(async () => {
  worker = await serveWith({ buckets: ["BUCKET"] }, "tests/probe/build/index.js", "Probe");
});

after(() => worker.close());

for (const file of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const cases: Case[] = JSON.parse(readFileSync(join(folder, file), "utf8"));
  suite(file.replace(".json", ""), () => {
    for (const { name, steps } of cases) {
      test(name, async () => {
        const stage = new Stage(encodeURIComponent(name));
        for (const [number, step] of steps.entries()) await stage.play(step, `step ${number}`);
        stage.leave();
      });
    }
  });
}

/** A room and its clients, by name. */
class Stage {
  readonly #room: string;
  readonly #clients = new Map<string, Client>();

  constructor(room: string) {
    this.#room = room;
  }

  async play(step: Step, place: string): Promise<void> {
    if ("connect" in step) return this.#connect(step, place);
    if ("send" in step) return this.#client(step.send).send(sent(step));
    if ("receive" in step) return expect(await this.#client(step.receive).receive(), step, place);
    if ("close" in step) return this.#client(step.close).close(step.code, step.reason);
    if ("closed" in step) {
      const { code, reason } = step;
      return assert.deepEqual(await this.#client(step.closed).closed(), { code, reason }, place);
    }
    if ("request" in step) return this.#request(step, place);
    if ("accepts" in step) return this.#queries(step.by, step.accepts, true, place);
    if ("refuses" in step) return this.#queries(step.by, step.refuses, false, place);
    if ("evict" in step) return worker.evict(this.#room);
  }

  leave(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #client(name: string): Client {
    return this.#clients.get(name) ?? assert.fail(`no client ${name}`);
  }

  /** Asks the database, which accepts the queries or refuses them. */
  async #queries(by: string, queries: Query[], accepted: boolean, place: string): Promise<void> {
    const client = this.#client(by);
    for (const query of queries) {
      const { start, repeat = "", times = 0, end = "", params = [] } =
        typeof query === "string" ? { start: query } : query;
      const text = start + repeat.repeat(times) + end;
      client.send(JSON.stringify({ do: "sql", query: text, params }));
      const got: { reply?: Json; error?: Json } = JSON.parse((await client.receive()) as string);
      assert.ok("reply" in got || got.error === "Sql", `${place}: ${text}: ${JSON.stringify(got)}`);
      assert.equal("reply" in got, accepted, `${place}: ${text}`);
    }
  }

  async #connect(step: Extract<Step, { connect: string }>, place: string): Promise<void> {
    const url = new URL(`/parties/probe/${this.#room}`, worker.url);
    url.search = new URLSearchParams({ _pk: step.connect, ...step.query }).toString();
    if (step.status === undefined) {
      const client = await Client.connect(url);
      if (step.defies) client.defy();
      this.#clients.set(step.as ?? step.connect, client);
      return;
    }
    const answer = await worker.fetch(url.pathname + url.search, { headers: { Upgrade: "websocket" } });
    const text = await answer.text();
    assert.equal(answer.status, step.status, `${place}: ${text}`);
    assert.doesNotMatch(text, /secret/, place);
    if (step.text !== undefined) assert.equal(text, step.text, place);
  }

  async #request(step: Extract<Step, { request: string }>, place: string): Promise<void> {
    const { request, method = "GET", headers = {}, body } = step;
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const answer = await worker.fetch(`/parties/probe/${this.#room}${request}`, init);
    const text = await answer.text();
    assert.equal(answer.status, step.status, `${place}: ${text}`);
    assert.doesNotMatch(text, /secret/, place);
    if (step.json !== undefined || step.text !== undefined) expect(text, step, place);
  }
}

function sent({ json, text, bytes }: Content): string | Uint8Array {
  if (json !== undefined) return JSON.stringify(json);
  return text ?? new Uint8Array(bytes ?? []);
}

function expect(got: string | Uint8Array, { json, text, bytes }: Content, place: string): void {
  if (bytes) return assert.deepEqual(got, new Uint8Array(bytes), place);
  assert.equal(typeof got, "string", place);
  if (text !== undefined) return assert.equal(got, text, place);
  const value: Json = JSON.parse(got as string);
  assert.ok(matches(json ?? null, value), `${place}: expected ${JSON.stringify(json)}, got ${got}`);
}

/** Returns whether a value is the expected one, `"*"` being any. */
function matches(expected: Json, got: Json | undefined): boolean {
  if (expected === "*") return true;
  if (expected === null || typeof expected !== "object") return expected === got;
  if (got === null || typeof got !== "object" || Array.isArray(expected) !== Array.isArray(got)) return false;
  const [left, right] = [Object.entries(expected), got as { [key: string]: Json }];
  return left.length === Object.keys(right).length && left.every(([key, value]) => matches(value, right[key]));
}
