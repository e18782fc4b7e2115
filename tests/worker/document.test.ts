// A document in real workerd, with the providers of `y-partyserver` and `y-websocket` as they are on npm: the example
// of a text editor.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, mock, test } from "node:test";
import { applyUpdate, Doc } from "yjs";
import { roomOf } from "../../examples/editor/client/address.ts";
import { Client } from "../support/client.ts";
import { DevServer } from "../support/dev-server.ts";
import { allLeave, KINDS, Peer, type PeerOptions } from "../support/document.ts";
import { root, serve, type Served } from "../support/workerd.ts";

let worker: Served;

before(async () => {
  worker = await serve("examples/editor/build/index.js", "Editor");
});

afterEach(allLeave);

after(() => worker.close());

/** Returns somebody who has the document. */
const open = (key: string, options?: PeerOptions) => new Peer(worker.url, key, options).synced();

/** Takes the room of a key out of memory. */
const sleep = (key: string) => worker.evict(roomOf(key));

/** Waits until all have the same text, and returns it. Each must have a length that only the whole text has. */
async function agreed(peers: Peer[], length: number): Promise<string> {
  await Promise.all(peers.map((peer) => peer.until(`${length} characters`, () => peer.text.length === length)));
  const [first, ...rest] = peers.map(({ text }) => text.toString());
  for (const text of rest) assert.equal(text, first);
  return first ?? "";
}

test("two clients of each provider write at the same time, and all have the same text", async () => {
  const key = randomUUID();
  const peers = await Promise.all([...KINDS, ...KINDS].map((kind) => open(key, { kind })));
  peers.forEach((peer, index) => peer.text.insert(0, `${index}`));
  const text = await agreed(peers, peers.length);
  assert.deepEqual([...text].sort(), ["0", "1", "2", "3"]);
  peers[0]?.text.delete(0, 4);
  for (const peer of peers) await peer.sees("");
});

test("maps and arrays are the same for all, too", async () => {
  const key = randomUUID();
  const [ada, bob] = [await open(key), await open(key, { kind: "y-websocket" })];
  ada.doc.getMap("settings").set("size", 12);
  bob.doc.getArray("todos").push(["one", { two: true }]);
  await ada.until("the array", () => ada.doc.getArray("todos").length === 2);
  await bob.until("the map", () => bob.doc.getMap("settings").get("size") === 12);
  const cy = await open(key);
  assert.deepEqual(cy.doc.getArray("todos").toJSON(), ["one", { two: true }]);
  assert.deepEqual(cy.doc.getMap("settings").toJSON(), { size: 12 });
});

for (const kind of KINDS) {
  test(`a newcomer has all that was written, also after the room has slept, and another room has none of it (${kind})`, async () => {
    const key = randomUUID();
    const ada = await open(key, { kind });
    ada.write("hello");
    const bob = await open(key, { kind });
    await bob.sees("hello");
    ada.leave();
    bob.leave();
    await sleep(key);
    assert.equal((await open(key, { kind })).text.toString(), "hello");
    assert.equal((await open(randomUUID(), { kind })).text.toString(), "");
  });

  test(`a name reaches the others, newcomers too, and goes with its connection (${kind})`, async () => {
    const key = randomUUID();
    const [ada, bob] = [await open(key, { kind, name: "Ada" }), await open(key, { kind, name: "Bob" })];
    await Promise.all([ada.meets("Bob"), bob.meets("Ada")]);
    ada.awareness.setLocalStateField("user", { name: "Ada L." });
    await bob.meets("Ada L.");
    const cy = await open(key, { kind, name: "Cy" });
    await cy.meets("Ada L.", "Bob");
    ada.leave();
    await Promise.all([bob.meets("Cy"), cy.meets("Bob")]);
  });

  test(`a room that has slept knows who is here, and sees them go (${kind})`, async () => {
    const key = randomUUID();
    const [ada, bob] = [await open(key, { kind, name: "Ada" }), await open(key, { kind, name: "Bob" })];
    await Promise.all([ada.meets("Bob"), bob.meets("Ada")]);
    await sleep(key);
    const cy = await open(key, { kind, name: "Cy" });
    await Promise.all([cy.meets("Ada", "Bob"), bob.meets("Ada", "Cy")]);
    await sleep(key);
    // A connection that breaks says no goodbye.
    ada.provider.shouldConnect = false;
    ada.cut();
    await Promise.all([bob.meets("Cy"), cy.meets("Bob")]);
  });

  test(`a client whose connection breaks comes back by itself, with its name (${kind})`, async () => {
    const key = randomUUID();
    const [ada, bob] = [await open(key, { kind, name: "Ada" }), await open(key, { kind, name: "Bob" })];
    await bob.meets("Ada");
    ada.cut();
    await bob.meets();
    await bob.meets("Ada");
    await ada.meets("Bob");
    ada.write("back");
    await bob.sees("back");
  });

  test(`changes that two clients have made without a connection are put together (${kind})`, async () => {
    const key = randomUUID();
    const [ada, bob] = [await open(key, { kind }), await open(key, { kind })];
    ada.write("middle");
    await bob.sees("middle");
    for (const peer of [ada, bob]) peer.provider.disconnect();
    ada.text.insert(0, "begin ");
    bob.write(" end");
    await sleep(key);
    for (const peer of [ada, bob]) void peer.provider.connect();
    for (const peer of [ada, bob]) await peer.sees("begin middle end");
    assert.equal((await open(key)).text.toString(), "begin middle end");
  });

  test(`a client that may only read is told so when it writes, and its changes reach nobody (${kind})`, async () => {
    const key = randomUUID();
    const [ada, eve] = [await open(key, { kind }), await open(key, { kind, reads: true })];
    ada.write("hello");
    await eve.sees("hello");
    eve.write(" from Eve");
    await eve.until("the reason", () => eve.refused.length > 0);
    assert.match(eve.refused.join(), /may only read/);
    // It goes on reading, and offers its changes again when it comes back.
    ada.write("!");
    await eve.until("the end", () => eve.text.toString().includes("!"));
    eve.cut();
    await eve.until("a new connection", () => !eve.provider.synced);
    await eve.synced();
    await sleep(key);
    const cy = await open(key);
    assert.equal(cy.text.toString(), "hello!");
    assert.equal(ada.text.toString(), "hello!");
  });
}

test("three clients type while the room is put to sleep again and again, and nothing is missing or twice", async () => {
  const key = randomUUID();
  const peers = [await open(key), await open(key, { kind: "y-websocket" }), await open(key)];
  for (let number = 0; number < 200; number++) {
    peers.forEach((peer, index) => peer.text.insert((number * 7) % (peer.text.length + 1), "abc".charAt(index)));
    if (number % 25 === 0) await sleep(key);
    // Let what has come in be read.
    if (number % 5 === 0) await new Promise(setImmediate);
  }
  const text = await agreed(peers, 600);
  for (const letter of "abc") assert.equal(text.split(letter).length - 1, 200);
  await sleep(key);
  assert.equal((await open(key)).text.toString(), text);
});

test("a change that is too large is refused with the reason, and everyone goes on", async () => {
  const key = randomUUID();
  const [ada, eve] = [await open(key), await open(key)];
  ada.write("hello");
  await eve.sees("hello");
  eve.write("x".repeat(1_000_001));
  await eve.until("the reason", () => eve.refused.length > 0);
  assert.match(eve.refused.join(), /more than 1000000/);
  ada.write("!");
  await eve.until("the end", () => eve.text.toString().includes("!"));
  assert.equal((await open(key)).text.toString(), "hello!");

  // Once it has taken back what is too large, the rest is accepted.
  const at = eve.text.toString().indexOf("x");
  eve.text.delete(at, 1_000_001);
  eve.text.insert(0, "Eve: ");
  for (const peer of [ada, eve]) await peer.sees("Eve: hello!");
});

test("a client that sends bytes of no message is closed, and the others go on", async () => {
  const key = randomUUID();
  const [ada, bob] = [await open(key), await open(key, { kind: "y-websocket" })];
  const address = new URL(`/parties/editor/${roomOf(key)}?key=${key}`, worker.url);
  const wrong = [[], [9], [0], [0, 2, 200, 1], [0, 2, 3, 255, 255, 255], [1, 3, 1, 1, 1], new Array(1000).fill(255)];
  for (const bytes of wrong) {
    const eve = await Client.connect(address);
    eve.send(Uint8Array.from(bytes));
    assert.equal((await eve.closed()).code, 4400, JSON.stringify(bytes));
  }
  ada.write("hello");
  await bob.sees("hello");
});

test("a text that is no custom message is left alone", async () => {
  const key = randomUUID();
  const ada = await open(key);
  ada.provider.ws?.send("hello");
  ada.command({ type: "save", name: "still here" });
  await ada.until("the version", () => JSON.stringify(ada.news).includes("still here"));
});

test("versions are saved, listed, read and restored, and everyone is told, also after the room has slept", async () => {
  const key = randomUUID();
  const [ada, bob, eve] = [await open(key), await open(key, { kind: "y-websocket" }), await open(key, { reads: true })];
  const listed = (peer: Peer) => (peer.news.at(-1) as { versions?: { name: string }[] })?.versions?.map(({ name }) => name);
  ada.write("one");
  ada.command({ type: "save", name: "first" });
  await eve.until("the version", () => JSON.stringify(listed(eve)) === '["first"]');
  ada.write(", two");
  await bob.sees("one, two");
  await sleep(key);
  eve.command({ type: "restore", version: 1 });
  await eve.until("the refusal", () => JSON.stringify(eve.news.at(-1)).includes("this link is for readers"));
  ada.command({ type: "restore", version: 1 });
  for (const peer of [ada, bob, eve]) await peer.sees("one");
  await eve.until("both versions", () => listed(eve)?.length === 2);

  const answer = await fetch(new URL(`/parties/editor/${roomOf(key)}/versions/2`, worker.url));
  const doc = new Doc();
  applyUpdate(doc, new Uint8Array(await answer.arrayBuffer()));
  assert.equal(doc.getText("codemirror").toString(), "one, two");
  bob.write(", three");
  await ada.sees("one, three");
});

test("a server reads the text by HTTP", async () => {
  const key = randomUUID();
  const ada = await open(key);
  ada.write("hällo");
  ada.command({ type: "save", name: "a sign that it has arrived" });
  await ada.until("the version", () => ada.news.length === 2);
  await sleep(key);
  const answer = await worker.fetch(`/parties/editor/${roomOf(key)}/document?text=codemirror`);
  assert.deepEqual([answer.status, await answer.text()], [200, "hällo"]);
  assert.equal((await worker.fetch(`/parties/editor/${roomOf(key)}`)).status, 404);
});

test("a client of y-websocket that is alone hears its own signs of life, by which it knows that the connection lives", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    const ada = await open(randomUUID(), { kind: "y-websocket", name: "Ada" });
    const { ws } = ada.provider;
    for (let round = 0; round < 3; round++) {
      // Nothing has come for almost 30 seconds, after which it would give the connection up.
      const long = Date.now() - 29_000;
      ada.provider.wsLastMessageReceived = long;
      const own = ada.awareness.meta.get(ada.doc.clientID);
      assert.ok(own);
      own.lastUpdated = long;
      const heard = Promise.withResolvers<void>();
      const socket = ada.provider.ws as unknown as { once(event: "message", listener: () => void): void };
      socket.once("message", () => setImmediate(heard.resolve));
      mock.timers.tick(3000);
      await heard.promise;
      assert.ok(ada.provider.wsLastMessageReceived > long + 20_000);
    }
    assert.equal(ada.provider.ws, ws);
    assert.ok(ada.provider.wsconnected);
  } finally {
    allLeave();
    mock.timers.reset();
  }
});

test("after the server was killed while people typed, all that another one had seen is there", async () => {
  const disk = mkdtempSync(join(tmpdir(), "party-disk-"));
  const home = join(root, "examples/editor");
  let server = await DevServer.start(disk, undefined, home);
  try {
    const key = randomUUID();
    const [ada, bob, cy] = KINDS.concat("y-partyserver").map((kind) => new Peer(server.url, key, { kind }));
    assert.ok(ada && bob && cy);
    await Promise.all([ada, bob, cy].map((peer) => peer.synced()));
    ada.command({ type: "save", name: "empty" });
    await cy.until("the version", () => cy.news.length === 2);
    let typed = 0;
    const typing = setInterval(() => [ada, bob].forEach((peer) => peer.write(`${typed++} `)));
    await cy.until("300 characters", () => cy.text.length > 300);
    await server.kill();
    clearInterval(typing);
    // Nobody brings back what the room has lost.
    const seen = cy.text.toString();
    allLeave();

    server = await DevServer.start(disk, Number(server.url.port), home);
    const dora = await new Peer(server.url, key).synced();
    const words = new Set(dora.text.toString().split(" "));
    for (const word of seen.split(" ")) assert.ok(words.has(word), `${word} was seen, and is missing`);
    assert.equal(dora.text.toString().slice(0, 100), seen.slice(0, 100));
    await dora.until("the version", () => JSON.stringify(dora.news).includes("empty"));
    dora.write("and on");
    const eve = await new Peer(server.url, key).synced();
    await eve.sees(dora.text.toString());
  } finally {
    allLeave();
    await server.kill();
    rmSync(disk, { recursive: true, force: true });
  }
});
