// The actions of a moderator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { actionsOn } from "../moderation.ts";

const NOW = 1_000_000;
const labels = (...about: Parameters<typeof actionsOn>) => actionsOn(...about).map(({ label }) => label);

test("to somebody who is here all can be done, and to somebody who has left what needs nobody to be here", () => {
  const here = ["Make moderator", "Mute for 10 minutes", "Mute permanently", "Remove", "Ban…"];
  assert.deepEqual(labels("Bob", { name: "Bob", role: "member" }, NOW), here);
  assert.deepEqual(labels("Bob", undefined, NOW), ["Mute for 10 minutes", "Mute permanently", "Unmute", "Ban…", "Unban"]);
  assert.deepEqual(labels("Bob", undefined, NOW, true), ["Unban"]);
});

test("a muted member can be unmuted, and cannot be muted again until the mute ends", () => {
  const muted = { name: "Bob", role: "member", mutedUntil: NOW + 1 } as const;
  assert.deepEqual(labels("Bob", muted, NOW), ["Make moderator", "Unmute", "Remove", "Ban…"]);
  assert.ok(labels("Bob", muted, NOW + 1).includes("Mute permanently"));
});

test("a moderator can be dismissed, and a guest cannot become one", () => {
  assert.equal(labels("Bob", { name: "Bob", role: "moderator" }, NOW)[0], "Dismiss as moderator");
  assert.ok(!labels("Bob", { name: "Bob", role: "member", guest: true }, NOW).includes("Make moderator"));
});

test("a ban is confirmed before, says what else it blocks, and can be taken back", () => {
  const ban = actionsOn("Bob", undefined, NOW).find(({ action }) => action === "ban");
  assert.match(ban?.warning ?? "", /same address/);
  assert.equal(ban?.undo, "unban");
});
