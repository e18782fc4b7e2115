// Rooms in the address bar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { freshRoom, roomIn, roomTitle } from "../room-address.ts";
import { usualSpelling } from "../usual-spelling.ts";

test("the bare address names no room", () => {
  assert.equal(roomIn("/"), undefined);
  assert.equal(roomIn("//"), undefined);
});

test("the first segment names the room, whatever follows it", () => {
  assert.equal(roomIn("/den"), "den");
  assert.equal(roomIn("/den/"), "den");
  assert.equal(roomIn("/den/upstairs/left"), "den");
});

test("a room's name is encoded in one way, and keeps its capitals", () => {
  assert.equal(roomIn("/Caf%C3%A9%2Fbar"), "Caf%C3%A9%2Fbar");
  assert.equal(roomIn("/it%27s"), "it's");
  assert.equal(roomIn("/%61@b"), "a%40b");
  assert.equal(roomIn("/100%"), "100%25");
});

test("names that look the same have one usual spelling, and a name that it would make too long keeps its own", () => {
  assert.equal(usualSpelling("cafe%CC%81"), "caf%C3%A9");
  assert.equal(usualSpelling("caf%C3%A9"), "caf%C3%A9");
  const long = encodeURIComponent("\u0958".repeat(110)); // One letter, whose usual spelling are two.
  assert.equal(usualSpelling(long), long);
});

test("a fresh room has at least 120 bits, URL-safe, and is never the same", () => {
  const rooms = Array.from({ length: 200 }, freshRoom);
  assert.equal(new Set(rooms).size, rooms.length);
  for (const room of rooms) assert.match(room, /^[A-Za-z0-9_-]{22}$/);
});

test("people read the decoded name", () => {
  assert.equal(roomTitle("Caf%C3%A9%20bar"), "Café bar");
});

test("a name that cannot be decoded is shown as it is", () => {
  assert.equal(roomTitle("100%"), "100%");
});

test("a long name is cut between letters, and nothing invisible is left in it", () => {
  assert.equal(Array.from(roomTitle("🎈".repeat(100))).length, 60);
  assert.equal(roomTitle("a%E2%80%AEb%0Ac"), "abc");
});
