// The list of members that this browser has banned.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bansOf, forgetBan, noteBan } from "../bans.ts";

test("a banned member is listed once, the latest first, until the ban is taken back", () => {
  const bans = bansOf("den");
  noteBan("den", { member: "b", name: "Bob" });
  noteBan("den", { member: "c", name: "Cy" });
  noteBan("den", { member: "b", name: "Bobby" });
  assert.deepEqual(bans.value, [{ member: "b", name: "Bobby" }, { member: "c", name: "Cy" }]);
  assert.deepEqual(bansOf("attic").value, []);
  forgetBan("den", "c");
  assert.deepEqual(bans.value, [{ member: "b", name: "Bobby" }]);
});
