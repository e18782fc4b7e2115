// A room asks its clients to prove that they read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { welcomed } from "./visit.ts";

const answers = (texts: readonly string[]) => texts.filter((text) => text.includes("probe"));

test("a probe is answered with its id, and the app is told nothing", async (context) => {
  const visit = await welcomed(context);
  let told = -1;
  visit.room.log.subscribe(() => told++);
  visit.peer.say({ type: "probe", id: "7" });
  assert.deepEqual(answers(visit.peer.texts), ['{"type":"probe","id":"7"}']);
  assert.equal(told, 0);
});

test("a probe without an id is not answered", async (context) => {
  const visit = await welcomed(context);
  visit.peer.sayText('{"type":"probe"}');
  assert.deepEqual(answers(visit.peer.texts), []);
});
