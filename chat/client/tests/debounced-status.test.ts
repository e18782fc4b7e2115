// The state of the connection: important changes are shown at once, short ones late.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { source, type State } from "party-client";
import { debounced } from "../debounced-status.ts";

type Status = Exclude<State["status"], "closed">;

function watched(context: TestContext) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const state = source<State>({ status: "connecting" });
  const [shown, stop] = debounced(state);
  const told: string[] = [];
  shown.subscribe(({ status }) => told.push(status));
  const then = (status: Status, pause: number) => {
    state.value = { status };
    context.mock.timers.tick(pause);
  };
  return { state, told, stop, then };
}

test("a blip is not told", (context) => {
  const { told, then } = watched(context);
  then("connected", 5000);
  then("reconnecting", 2000);
  then("connected", 5000);
  assert.equal(told.at(-1), "connected");
  assert.ok(!told.includes("reconnecting"));
});

test("a status that lasts is shown, and its end at once", (context) => {
  const { told, then } = watched(context);
  then("connected", 5000);
  then("reconnecting", 3000);
  assert.equal(told.at(-1), "reconnecting");
  then("connected", 0);
  assert.equal(told.at(-1), "connected");
});

test("a first connection that takes long is told as one that does not come", (context) => {
  const { told } = watched(context);
  context.mock.timers.tick(5000);
  assert.deepEqual(told, ["connecting"]);
  context.mock.timers.tick(2000);
  assert.deepEqual(told, ["connecting", "reconnecting"]);
});

test("being offline, and being closed permanently, is shown at once", (context) => {
  const { told, then, state } = watched(context);
  then("connected", 0);
  then("offline", 0);
  assert.equal(told.at(-1), "offline");
  then("reconnecting", 0);
  assert.equal(told.at(-1), "reconnecting");
  state.value = { status: "closed", code: 4403, reason: "" };
  assert.equal(told.at(-1), "closed");
});

test("a room that has closed the connection is closed until it answers again", (context) => {
  const { told, then, state } = watched(context);
  then("connected", 0);
  for (const status of ["reconnecting", "connecting"] as const) {
    state.value = { status: "closed", code: 4403, reason: "" };
    then(status, 2000);
    assert.equal(told.at(-1), "closed");
  }
  then("connected", 0);
  assert.deepEqual(told, ["connecting", "connected", "closed", "closed", "connected"]);
});

test("nothing is told after the visit", (context) => {
  const { told, then, stop } = watched(context);
  then("connected", 0);
  then("reconnecting", 0);
  stop();
  context.mock.timers.tick(5000);
  assert.equal(told.at(-1), "connected");
});
