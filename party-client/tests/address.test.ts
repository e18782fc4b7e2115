// The addresses of rooms, compared with those of `partysocket`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PartySocket } from "partysocket";
import { Room, RoomError } from "../src/index.ts";
import { addressOf, segmentOf, type Params, type Place } from "../src/address.ts";

/** Returns the address that a `PartySocket` opens. */
function theirs(place: Place, query: Params): Promise<string> {
  return new Promise((resolve) => {
    class Socket extends EventTarget {
      constructor(url: string) {
        super();
        resolve(url);
      }
    }
    const { protocol, ...rest } = place;
    const socket = new PartySocket({ ...rest, ...(protocol && { protocol }), id: "id", query, WebSocket: Socket, maxRetries: 0 });
    socket.onerror = () => {};
  });
}

const HOSTS = [
  "chat.example.com",
  "chat.example.com:8443",
  "https://chat.example.com/",
  "wss://chat.example.com",
  "chat.example.com/base/",
  "chat.example.com/to/https://other.example.com",
  "localhost:8787",
  "http://localhost:8787/",
  "localhost.example.com",
  "mylocalhost:8787",
  "210.0.0.7",
  "127.0.0.1:8787",
  "192.168.1.2:8787",
  "10.0.0.7",
  "172.15.0.1",
  "172.16.0.1",
  "172.20.0.1",
  "172.31.0.1",
  "172.32.0.1",
  "[::ffff:7f00:1]:8787",
];

test("a room's address is the one that partysocket builds", async () => {
  for (const host of HOSTS) {
    const place = { host, party: "chat", room: "caf%C3%A9" };
    assert.equal(addressOf(place, { _pk: "id" }), await theirs(place, {}), host);
  }
  const place: Place = { host: "localhost:8787", party: "main", room: "a", protocol: "wss" };
  const query = { text: "a & b=ü", none: null, nothing: undefined, empty: "" };
  assert.equal(addressOf(place, { _pk: "id", ...query }), await theirs(place, query));
});

test("a page that came over plain http asks its own host so, and no other", (context) => {
  const location = { protocol: "http:", host: "chat.lan" };
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  context.after(() => Reflect.deleteProperty(globalThis, "location"));
  assert.match(addressOf({ host: "chat.lan", party: "chat", room: "a" }, {}), /^ws:/);
  assert.match(addressOf({ host: "other.example.com", party: "chat", room: "a" }, {}), /^wss:/);
  location.protocol = "https:";
  assert.match(addressOf({ host: "chat.lan", party: "chat", room: "a" }, {}), /^wss:/);
});

type Name = { name: string; ok: true; path: string } | { name: string; ok: false };

const NAMES = JSON.parse(readFileSync(new URL("../../tests/fixtures/room-names.json", import.meta.url), "utf8")) as Name[];

test("a room's name is one segment of the address, whatever is in it, and a name that no room can have is refused at once", () => {
  const paths = new Set<string>();
  for (const row of NAMES) {
    if (!row.ok) {
      const refused = (error: unknown) => error instanceof RoomError && error.code === "invalid_name";
      assert.throws(() => new Room({ host: "host", room: row.name }), refused, row.name);
      assert.throws(() => new Room({ host: "host", room: "a", party: row.name }), refused, row.name);
      continue;
    }
    const url = new URL(addressOf({ host: "host", party: "main", room: segmentOf(row.name) ?? "" }, { a: "b" }));
    assert.equal(url.pathname, `/parties/main/${row.path}`);
    assert.equal(url.search, "?a=b");
    assert.equal(decodeURIComponent(url.pathname.replace("/parties/main/", "")), row.name);
    paths.add(url.pathname);
  }
  assert.equal(paths.size, NAMES.filter(({ ok }) => ok).length);
});

test("half of a character is not a name", () => {
  for (const name of ["\ud800", "a\udfff"]) assert.equal(segmentOf(name), undefined);
});

test("a name that may stand in an address as it is stands there as it is", () => {
  for (const name of ["lobby", "a-b_c.d", "it's!*(~)"]) {
    assert.equal(segmentOf(name), name);
    assert.equal(new URL(`/${name}`, "https://host").pathname, `/${name}`);
  }
});

test("an address has at most 3,072 bytes, as the room sees it: with http in place of ws", () => {
  const place = { host: "host", party: "main", room: "a" };
  const rest = addressOf(place, { text: "" }).length;
  const withLength = (length: number) => addressOf(place, { text: "x".repeat(length - "tp".length - rest) });
  assert.equal(withLength(3_072).replace(/^ws/, "http").length, 3_072);
  assert.throws(() => withLength(3_073), { message: "the address has more than 3072 bytes" });
});
