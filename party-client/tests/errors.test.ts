// The errors that an app receives: their names, codes and texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, sendable } from "../src/errors.ts";
import { RoomError } from "../src/index.ts";
import { waiting } from "../src/sent.ts";
import { enter } from "./visit.ts";

test("an error of the room keeps its code and text, and any other gets the code of where it happened", () => {
  assert.deepEqual(failure("expired", new RoomError("invalid_token", "two words")), { code: "invalid_token", message: "two words" });
  assert.deepEqual(failure("expired", new TypeError("no network")), { code: "expired", message: "TypeError: no network" });
  assert.deepEqual(failure("expired", "text"), { code: "expired", message: "text" });
});

test("a value that JSON can hold is sent as it is, and any other is refused", () => {
  const frame = { type: "append", id: "a" };
  assert.equal(sendable(frame), frame);
  assert.throws(() => sendable({ count: 1n }), TypeError);
});

test("a promise resolves with the room's answer, or rejects with a RoomError", async () => {
  const [taken, refused] = [waiting<number>("a"), waiting<number>("b")];
  taken.resolve(5);
  refused.refuse({ code: "muted", message: "not now" });
  assert.deepEqual([taken.sent.id, await taken.sent.done], ["a", 5]);
  await assert.rejects(refused.sent.done, (error) => {
    assert.ok(error instanceof RoomError);
    assert.deepEqual([error.name, error.code, error.message], ["RoomError", "muted", "not now"]);
    return true;
  });
});

test("a moderation without a connection, and one whose visit ends, say so", async (context) => {
  const visit = await enter(context);
  const offline = { name: "RoomError", code: "offline", message: "there is no connection" };
  await assert.rejects(visit.room.moderate("kick", "bob").done, offline);
  visit.welcome();
  const { done } = visit.room.moderate("kick", "bob");
  visit.room.close();
  await assert.rejects(done, { ...offline, message: "the visit was ended" });
});

test("a frame alone in a text that the room cannot read is refused with the room's code", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  for (const code of ["binary", "not_json", "too_long"]) {
    const { done } = visit.room.send({ content: code });
    await visit.heard();
    visit.peer.say({ type: "error", code, message: `it is ${code}` });
    await assert.rejects(done, { code, message: `it is ${code}` });
  }
});

test("a refusal that nobody waits for is not an error of the page", async (context) => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on("unhandledRejection", note);
  context.after(() => process.off("unhandledRejection", note));
  waiting("a").refuse({ code: "muted", message: "not now" });
  await new Promise((resolve) => setImmediate(resolve)); // Node reports it before the next turn.
  assert.deepEqual(unhandled, []);
});
