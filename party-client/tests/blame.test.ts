import assert from "node:assert/strict";
import { test } from "node:test";
import { enter } from "./visit.ts";

test("an ephemeral event that the room refuses does not reject an append that is under way", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { done } = visit.room.send({ content: "hello" });
  visit.room.signal("x".repeat(200));
  await visit.heard();
  visit.peer.say({ type: "error", code: "invalid", message: "the kind is too long" });
  assert.equal(await Promise.race([done.catch(() => "rejected"), Promise.resolve("open")]), "open");
  assert.equal(visit.room.outbox.value[0]?.error, undefined);
  assert.equal(visit.room.notice.value?.code, "invalid");
});
