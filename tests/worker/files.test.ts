// Files in real workerd, with a bucket of this machine: uploads over HTTP, and how a file is served.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { allLeave, Member, until } from "../support/member.ts";
import { serveWith, type Served } from "../support/workerd.ts";

const LARGEST = 10 * 1024 * 1024;
const PIXELS = Buffer.from("89504e470d0a1a0a", "hex");

let worker: Served;

before(async () => {
  worker = await serveWith({ buckets: ["FILES"] }, "build/index.js", "Chat");
});

after(async () => {
  allLeave();
  await worker.close();
});

/** A member of a room, who uploads. */
async function member(name = "Ada", room: string = randomUUID()) {
  const member = new Member(worker.url, room, name);
  await member.connected();
  return { room, member, secret: (await member.room.bearer()) ?? "" };
}

const newId = () => randomUUID().replaceAll("-", "");
const addressOf = (room: string, id: string, query = "") => new URL(`/parties/chat/${room}/files/${id}${query}`, worker.url);

type Sent = { secret: string; room: string; id?: string; query?: string; headers?: Record<string, string>; body?: BodyInit };

function put({ secret, room, id = newId(), query = "?name=sea.png", headers = {}, body = PIXELS }: Sent): Promise<Response> {
  const authorization = { Authorization: `Bearer ${secret}`, "Content-Type": "image/png" };
  return fetch(addressOf(room, id, query), { method: "PUT", headers: { ...authorization, ...headers }, body });
}

/** Waits until there is no such file any more. */
async function gone(address: URL): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = setInterval(() => void fetch(address).then(({ status }) => status === 404 && resolve()), 50);
  await promise;
  clearInterval(look);
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

test("a picture is stored, and read with all that keeps it harmless", async () => {
  const { room, secret, member: ada } = await member();
  const id = newId();
  const stored = await put({ room, secret, id, query: "?name=Sea%20%C3%A9.png&width=2&height=1" });
  assert.equal(stored.status, 201);
  assert.deepEqual(await stored.json(), { id, name: "Sea é.png", type: "image/png", size: 8, width: 2, height: 1 });

  const address = addressOf(room, id);
  const read = await fetch(address);
  assert.equal(read.status, 200);
  assert.deepEqual(Buffer.from(await read.arrayBuffer()), PIXELS);
  const { headers } = read;
  assert.equal(headers.get("content-type"), "image/png");
  assert.equal(headers.get("content-disposition"), "inline; filename*=UTF-8''Sea%20%C3%A9.png");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
  assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
  assert.match(headers.get("cache-control") ?? "", /^private, .*immutable/);

  const etag = headers.get("etag") ?? "";
  assert.match(etag, /^"\w+"$/);
  const known = await fetch(address, { headers: { "If-None-Match": etag } });
  assert.deepEqual([known.status, await known.text()], [304, ""]);
  const other = await fetch(address, { headers: { "If-None-Match": '"other"' } });
  assert.equal((await other.arrayBuffer()).byteLength, 8);
  const head = await fetch(address, { method: "HEAD" });
  assert.deepEqual([head.status, head.headers.get("etag"), await head.text()], [200, etag, ""]);

  ada.room.send({ content: "", file: id }).done.catch(() => undefined);
  const { items } = await until("the message", ada.room.log, ({ items }) => items[0]?.seq === 1);
  assert.equal(items[0]?.body?.file?.name, "Sea é.png");
});

test("a page and a drawing with scripts are saved by the browser, and never run", async () => {
  const { room, secret } = await member();
  for (const [name, type] of [["page.html", "text/html"], ["drawing.svg", "image/svg+xml"]] as const) {
    const id = newId();
    const body = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    assert.equal((await put({ room, secret, id, query: `?name=${name}`, headers: { "Content-Type": type }, body })).status, 201);
    const { headers } = await fetch(addressOf(room, id));
    assert.equal(headers.get("content-disposition"), `attachment; filename*=UTF-8''${name}`);
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

test("a stranger stores nothing, and finds nothing without the address", async () => {
  const { room, secret } = await member();
  assert.deepEqual(await codeOf(await put({ room, secret: "not-the-secret" })), [401, "unauthorized"]);
  const nobody = await fetch(addressOf(room, newId()), { method: "PUT", body: PIXELS });
  assert.deepEqual(await codeOf(nobody), [401, "unauthorized"]);
  assert.deepEqual(await codeOf(await put({ room: randomUUID(), secret })), [401, "unauthorized"]);
  for (const id of [newId(), "..", "%2e%2e", "a/b"]) assert.equal((await fetch(addressOf(room, id))).status, 404, id);
});

test("a file that is too large, empty, or has no usable id is refused before it is stored", async () => {
  const { room, secret } = await member();
  const large = newId();
  // Only its beginning is sent: a client that is answered before it has sent everything may see a broken connection.
  const answer = await raw(room, secret, large, { "Content-Length": `${LARGEST + 1}` }, "its beginning");
  assert.match(answer, /^HTTP\/1.1 413 [^]*"code":"too_large"/);
  assert.equal((await fetch(addressOf(room, large))).status, 404);
  assert.deepEqual(await codeOf(await put({ room, secret, body: "" })), [400, "empty"]);
  assert.deepEqual(await codeOf(await put({ room, secret, id: "short" })), [400, "invalid"]);
  const whole = newId();
  assert.equal((await put({ room, secret, id: whole, body: Buffer.alloc(LARGEST, 7) })).status, 201);
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const read = new Uint8Array(await (await fetch(addressOf(room, whole))).arrayBuffer());
  assert.equal(digest(read), digest(Buffer.alloc(LARGEST, 7)));
});

test("an upload that is sent again is the same file, and the id is nobody else's", async () => {
  const { room, secret } = await member();
  const id = newId();
  assert.equal((await put({ room, secret, id })).status, 201);
  assert.equal((await put({ room, secret, id })).status, 201);
  const bob = await member("Bob", room);
  assert.deepEqual(await codeOf(await put({ room, secret: bob.secret, id })), [409, "conflict"]);
});

test("the length must be there", async () => {
  const { room, secret } = await member();
  const id = newId();
  const answer = await raw(room, secret, id, { "Transfer-Encoding": "chunked" }, "8\r\nabcdefgh\r\n0\r\n\r\n");
  assert.match(answer, /^HTTP\/1.1 411 /);
  assert.equal((await fetch(addressOf(room, id))).status, 404);
});

test("an upload that breaks off leaves nothing, and the room lives on", async () => {
  const { room, secret, member: ada } = await member();
  const id = newId();
  await raw(room, secret, id, { "Content-Length": "100000" }, "only a part", true);
  ada.say("still here");
  await ada.sees("still here");
  assert.equal((await fetch(addressOf(room, id))).status, 404);
  // Once the room has forgotten it, the id is free.
  let status = 0;
  while (status !== 201) ({ status } = await put({ room, secret, id }));
});

test("a file is deleted with its message", async () => {
  const { room, secret, member: ada } = await member();
  const id = newId();
  assert.equal((await put({ room, secret, id })).status, 201);
  const { seq } = await ada.room.send({ content: "the sea", file: id }).done;
  assert.equal((await fetch(addressOf(room, id))).status, 200);
  await worker.evict(room);
  await ada.room.delete(seq).done;
  await gone(addressOf(room, id));
});

test("another origin gets no leave to upload, and may not embed a file", async () => {
  const { room, secret } = await member();
  const id = newId();
  const asks = { Origin: "https://evil.example", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization" };
  const preflight = await fetch(addressOf(room, id), { method: "OPTIONS", headers: asks });
  assert.equal(preflight.headers.get("access-control-allow-origin"), null);
  assert.equal((await put({ room, secret, id })).status, 201);
  const read = await fetch(addressOf(room, id), { headers: { Origin: "https://evil.example" } });
  assert.equal(read.headers.get("access-control-allow-origin"), null);
  assert.equal(read.headers.get("cross-origin-resource-policy"), "same-origin");
});

test("without a bucket there are no files", async () => {
  const plain = await serveWith({}, "build/index.js", "Chat");
  try {
    const room = randomUUID();
    const ada = new Member(plain.url, room, "Ada");
    await ada.connected();
    const headers = { Authorization: `Bearer ${await ada.room.bearer()}` };
    const address = new URL(`/parties/chat/${room}/files/${newId()}`, plain.url);
    assert.deepEqual(await codeOf(await fetch(address, { method: "PUT", headers, body: PIXELS })), [501, "unsupported"]);
    assert.equal((await fetch(address)).status, 404);
    ada.leave();
  } finally {
    await plain.close();
  }
});

/** Sends a request as it stands, and returns the answer; `breaks` closes the connection in the middle of it. */
async function raw(room: string, secret: string, id: string, headers: Record<string, string>, body: string, breaks = false): Promise<string> {
  const { hostname, port, pathname } = addressOf(room, id);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const lines = Object.entries({ Host: hostname, Authorization: `Bearer ${secret}`, "Content-Type": "image/png", Connection: "close", ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await new Promise((sent) => socket.write(`PUT ${pathname}?name=sea.png HTTP/1.1\r\n${head}\r\n${body}`, sent));
  if (breaks) {
    socket.destroy();
    return "";
  }
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
