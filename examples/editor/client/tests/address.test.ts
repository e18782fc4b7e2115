// The addresses of the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { newPath, placeOf, readingPath, roomOf } from "../address.ts";

test("the name of a room is the hash of its key, as the room computes it", () => {
  // `src/access.rs` has the same.
  assert.equal(roomOf("a key"), "j6Oqsvqpt54KA5jaW1q9B4AUJEKlvoC5pkYI1xjLH80");
  assert.equal(roomOf("Schlüssel"), "H716AMrLoLiaMbsAzSnmDT-GwI3XgGu-iRZCIUZyrww");
});

test("a path with one segment is a text to write in, and its link for readers leads to the same room without the key", () => {
  const place = placeOf("/a%20key/");
  assert.deepEqual(place, { room: roomOf("a key"), key: "a key" });
  assert.deepEqual(placeOf(readingPath(place!)), { room: roomOf("a key") });
});

test("a path without a segment names no text, and a new path names one that is new each time", () => {
  for (const path of ["", "/", "//"]) assert.equal(placeOf(path), undefined);
  assert.notEqual(newPath(), newPath());
  assert.match(placeOf(newPath())?.key ?? "", /^[\w-]{22}$/);
});

test("a path that is not well encoded is taken as it is", () => {
  assert.equal(placeOf("/50%")?.key, "50%");
});
