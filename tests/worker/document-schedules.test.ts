// Random schedules on a document in real workerd: changes of all kinds, undo, sleeps of the room, lost connections,
// versions. In the end everyone has the same document, and the room has it, too.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { applyUpdate, type Array as YArray, Doc, Map as YMap, UndoManager, XmlElement, XmlText } from "yjs";
import { roomOf } from "../../examples/editor/client/address.ts";
import { allLeave, Peer } from "../support/document.ts";
import { serve, type Served } from "../support/workerd.ts";

/** Each seed is a schedule. One that failed is repeated by its seed, if the order of events is the same. */
const SEEDS = [1, 2, 3, 4, 5, 6];

let worker: Served;

before(async () => {
  worker = await serve("examples/editor/build/index.js", "Editor");
});

afterEach(allLeave);

after(() => worker.close());

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Returns all that is in a document, in one order. */
function contentOf(doc: Doc): string {
  const all = [doc.getText("codemirror"), doc.getMap("map"), doc.getArray("array"), doc.getXmlFragment("xml")];
  const sorted = (_key: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
  return JSON.stringify(all.map((type) => type.toJSON()), sorted);
}

/** Makes one change. It is of a kind that editors make: none cuts a character in two. */
function change({ doc, text }: Peer, random: Random): void {
  const [map, array, xml] = [doc.getMap("map"), doc.getArray("array"), doc.getXmlFragment("xml")];
  const whole = (at: number) => (/[\udc00-\udfff]/.test(text.toString().charAt(at)) ? at - 1 : at);
  const from = whole(random(text.length + 1));
  const length = whole(Math.min(text.length, from + 1 + random(5))) - from;
  const changes = [
    () => text.insert(from, ["a", "bc", "ä😀", "line\n"][random(4)] ?? ""),
    () => length > 0 && text.delete(from, length),
    () => length > 0 && text.format(from, length, { bold: random(2) ? true : null }),
    () => map.set(`${random(4)}`, random(100)),
    () => map.delete(`${random(4)}`),
    () => map.set(`inner ${random(2)}`, new YMap([["count", random(9)]])),
    () => {
      const inner = map.get(`inner ${random(2)}`);
      if (inner instanceof YMap) inner.set("count", random(100));
    },
    () => array.insert(random(array.length + 1), [random(9), { list: [null, true, 1.5] }]),
    () => array.length > 0 && array.delete(random(array.length), 1),
    () => {
      const paragraph = new XmlElement("p");
      paragraph.insert(0, [new XmlText(`${random(9)}`)]);
      xml.insert(random(xml.length + 1), [paragraph]);
    },
    () => {
      const paragraph = xml.length > 0 ? xml.get(random(xml.length)) : undefined;
      if (paragraph instanceof XmlElement) paragraph.setAttribute("id", `${random(9)}`);
    },
    () => xml.length > 0 && xml.delete(random(xml.length), 1),
  ];
  doc.transact(() => changes[random(changes.length)]?.(), "typed");
}

for (const seed of SEEDS) {
  test(`everyone and the room have the same document after a random schedule, and versions come back as they were (${seed})`, async () => {
    const random = randomOf(seed);
    const key = randomUUID();
    const address = (path: string) => new URL(`/parties/editor/${roomOf(key)}/${path}`, worker.url);
    const kinds = ["y-partyserver", "y-websocket", "y-partyserver"] as const;
    const peers = await Promise.all(kinds.map((kind) => new Peer(worker.url, key, { kind }).synced()));
    const [first] = peers;
    assert.ok(first);
    const undos = peers.map(({ doc, text }) => {
      const all = [text, doc.getMap("map"), doc.getArray<unknown>("array") as YArray<unknown>, doc.getXmlFragment("xml")];
      return new UndoManager(all, { captureTimeout: 0, trackedOrigins: new Set(["typed"]) });
    });

    async function type(changes: number): Promise<void> {
      for (let count = 0; count < changes; count++) {
        const index = random(peers.length);
        const peer = peers[index];
        assert.ok(peer);
        change(peer, random);
        if (random(12) === 0) undos[index]?.undo();
        if (random(20) === 0) undos[index]?.redo();
        if (random(25) === 0) await worker.evict(roomOf(key));
        if (random(25) === 0) peer.provider.disconnect();
        if (random(15) === 0) void peer.provider.connect();
        if (random(30) === 0) peer.cut();
        if (random(4) === 0) await new Promise(setImmediate);
      }
    }

    /** Waits until everyone has everything, and returns the content that all have. */
    async function agreed(): Promise<string> {
      for (const peer of peers) void peer.provider.connect();
      const mark = randomUUID();
      peers.forEach(({ doc }, index) => doc.getMap("marks").set(`${mark} ${index}`, true));
      const all = ({ doc }: Peer) => peers.every((_, index) => doc.getMap("marks").has(`${mark} ${index}`));
      for (const peer of peers) await peer.until("the marks", () => all(peer));
      const fresh = new Doc();
      applyUpdate(fresh, new Uint8Array(await (await fetch(address("document"))).arrayBuffer()));
      const content = contentOf(fresh);
      for (const { doc } of peers) assert.equal(contentOf(doc), content);
      const text = await (await fetch(address("document?text=codemirror"))).text();
      assert.equal(text, first?.text.toString());
      return content;
    }

    /** Sends a command, and waits for the list of versions that follows it. */
    async function command(command: object): Promise<{ id: number; name: string }[]> {
      const before = first?.news.length ?? 0;
      first?.command(command);
      await first?.until("the versions", () => first.news.length > before);
      const news = first?.news.at(-1) as { versions?: { id: number; name: string }[] };
      assert.ok(news.versions, JSON.stringify(news));
      return news.versions;
    }

    const saved: { id: number; content: string }[] = [];
    for (const name of ["one", "two", "three"]) {
      await type(30 + random(90));
      const content = await agreed();
      const { id } = (await command({ type: "save", name })).at(-1) ?? { id: 0 };
      saved.push({ id, content });
    }
    await type(30);
    await agreed();
    for (const { id, content } of saved) {
      await command({ type: "restore", version: id });
      assert.equal(await agreed(), content);
      if (random(2)) await type(10);
      await agreed();
    }
    for (const { refused } of peers) assert.deepEqual(refused, []);
  });
}
