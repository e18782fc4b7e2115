// What a moderator can do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deedsTo } from "../moderation.ts";

const labels = (...about: Parameters<typeof deedsTo>) => deedsTo(...about).map(({ label }) => label);

test("to somebody who is here all can be done, and to somebody who has left what needs nobody to be here", () => {
  const here = ["Make moderator", "Mute for 10 minutes", "Mute for good", "Unmute", "Remove", "Ban…"];
  assert.deepEqual(labels("Bob", { name: "Bob", role: "member" }), here);
  assert.deepEqual(labels("Bob", undefined), ["Mute for 10 minutes", "Mute for good", "Unmute", "Ban…"]);
});

test("a moderator can be dismissed, and a guest cannot become one", () => {
  assert.equal(labels("Bob", { name: "Bob", role: "moderator" })[0], "Dismiss as moderator");
  assert.ok(!labels("Bob", { name: "Bob", role: "member", guest: true }).includes("Make moderator"));
});

test("a ban is asked about before, says whom else it keeps out, and can be taken back", () => {
  const ban = deedsTo("Bob", undefined).find(({ action }) => action === "ban");
  assert.match(ban?.warning ?? "", /same address/);
  assert.equal(ban?.undo, "unban");
});
