// The address of a message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linkedMessage } from "../message-link.ts";

test("an address names a message by its place, and nothing else does", () => {
  assert.equal(linkedMessage("#m=7"), 7);
  assert.equal(linkedMessage("#m=9007199254740991"), 9007199254740991);
  for (const other of ["", "#", "#m=", "#m=0", "#m=-1", "#m=1.5", "#m=7x", "#7", "#m=9007199254740993", "#m=99999999999999999"]) {
    assert.equal(linkedMessage(other), undefined, other);
  }
});
