// The client contract: npm `partysocket` with each of its options against a room of ours.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { PartySocket, type PartySocketOptions } from "partysocket";
import { type ClientOptions, WebSocket } from "ws";
import { within } from "../support/client.ts";
import { serve, type Served } from "../support/workerd.ts";

let worker: Served;
const sockets: PartySocket[] = [];

before(async () => {
  worker = await serve("tests/probe/build/index.js", "Probe");
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

after(() => worker.close());

/**
 * The socket of Node for `partysocket`; it hangs up soon after both sides have said goodbye (see `support/client.ts`).
 */
class NodeSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const options: ClientOptions & { closeTimeout: number } = { closeTimeout: 200 };
    super(url, protocols, options);
  }
}

/** Returns a socket to a fresh room of the probe, unless the options say otherwise. */
function socket(options: Partial<PartySocketOptions>): PartySocket {
  const own = { host: worker.url.host, party: "probe", room: randomUUID(), WebSocket: NodeSocket };
  const made = new PartySocket({ ...own, ...options });
  sockets.push(made);
  return made;
}

/** Returns the next frame, read as JSON. */
function next(from: PartySocket): Promise<Record<string, unknown>> {
  const frame = new Promise<MessageEvent>((resolve) => from.addEventListener("message", resolve, { once: true }));
  return within("a frame", frame).then(({ data }) => JSON.parse(data));
}

async function ask(of: PartySocket, command: object): Promise<unknown> {
  const answer = next(of);
  of.send(JSON.stringify(command));
  return (await answer)["reply"];
}

function ended(from: PartySocket): Promise<{ code: number; reason: string }> {
  const event = new Promise<{ code: number; reason: string }>((resolve) =>
    from.addEventListener("close", ({ code, reason }) => resolve({ code, reason }), { once: true }),
  );
  return within("the end of the connection", event);
}

test("with default options the room takes the id that partysocket has made", async () => {
  const made = socket({});
  assert.deepEqual(await next(made), { hello: made.id });
});

test("an id of the app's own is the connection's id", async () => {
  assert.deepEqual(await next(socket({ id: "ada" })), { hello: "ada" });
});

test("a query reaches the room, and so do a path and a function that makes the query", async () => {
  const plain = socket({ query: { tags: "red" }, path: "deep/er" });
  await next(plain);
  assert.deepEqual(await ask(plain, { do: "tags" }), [plain.id, "red"]);
  const made = socket({ query: async () => ({ tags: "blue" }) });
  await next(made);
  assert.deepEqual(await ask(made, { do: "tags" }), [made.id, "blue"]);
});

test("a prefix and a base path lead to a router of that prefix", async () => {
  for (const way of [{ prefix: "api/guarded" }, { basePath: `api/guarded/probe/${randomUUID()}` }]) {
    const made = socket(way);
    assert.deepEqual(await next(made), { hello: made.id });
  }
});

test("a message sent before the connection is open arrives when it is", async () => {
  const made = socket({});
  made.send(JSON.stringify({ do: "echo", text: "early" }));
  await next(made);
  assert.deepEqual(await next(made), { reply: "early" });
});

test("it comes back with the same id after the room has closed it, and the state of the old connection is gone", async () => {
  const made = socket({ minReconnectionDelay: 10, maxReconnectionDelay: 20 });
  await next(made);
  assert.equal(await ask(made, { do: "set_state", state: "old" }), "set");
  for (const code of [1000, 1001, 1008, 1011, 1012, 1013, 3000, 4000, 4321, 4409, 4999]) {
    const closed = ended(made);
    made.send(JSON.stringify({ do: "close", id: made.id, code, reason: "go" }));
    assert.deepEqual(await closed, { code, reason: "go" });
    assert.deepEqual(await next(made), { hello: made.id });
    assert.deepEqual(await ask(made, { do: "state" }), { came: "by tags" });
  }
});

test("reconnect() makes a new connection in place of the old one", async () => {
  const made = socket({});
  await next(made);
  made.reconnect();
  assert.deepEqual(await next(made), { hello: made.id });
  assert.deepEqual(await ask(made, { do: "connections" }), [made.id]);
});

test("close codes of the client's reach the room, and the room's answer the client", async () => {
  const room = randomUUID();
  const [ada, bob] = [socket({ room, id: "ada" }), socket({ room, id: "bob" })];
  await Promise.all([next(ada), next(bob)]);
  const [closed, told] = [ended(ada), next(bob)];
  ada.close(4000, "bye");
  assert.deepEqual(await closed, { code: 4000, reason: "bye" });
  assert.partialDeepStrictEqual(await told, { closed: "ada", code: 4000, reason: "bye" });
});

test("PartySocket.fetch reaches the room over HTTP by the same rule", async () => {
  const room = randomUUID();
  const where = { host: worker.url.host, party: "probe", room, path: "deep/er", query: { q: "1" } };
  const answer = await PartySocket.fetch(where, { method: "POST", body: "hi" });
  const seen = (await answer.json()) as Record<string, unknown>;
  assert.partialDeepStrictEqual(seen, { method: "POST", body: "hi", name: room });
  assert.match(String(seen["path"]), /\/deep\/er\?.*q=1/);
});
