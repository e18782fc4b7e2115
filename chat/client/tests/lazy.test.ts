// Fetches the code that the page needs after the first message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { configureLazy, lazy, loadLazy, missing, type LazyBundle } from "../lazy.ts";

test("a request that hangs is not waited for", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(globalThis, { BUILD: "of now", addEventListener: () => {} });
  const { loadLazy, configureLazy, missing } = (await import(`../lazy.ts?${"hangs"}`)) as typeof import("../lazy.ts");
  const asked: number[] = [];
  const failed = new Promise<void>((resolve) => missing.subscribe((isMissing) => isMissing && resolve()));
  configureLazy((attempt) => {
    asked.push(attempt);
    return attempt ? Promise.resolve({ build: "of now" } as LazyBundle) : new Promise(() => {});
  });
  const loaded = loadLazy();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  context.mock.timers.tick(0);
  await turn();
  context.mock.timers.tick(15_000);
  await failed;
  await turn();
  context.mock.timers.tick(5_000);
  await loaded;
  assert.deepEqual(asked, [0, 1]);
});

test("the script is fetched once, and again after a failure, until it is here", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const online = new EventTarget();
  Object.assign(globalThis, { BUILD: "of now", addEventListener: online.addEventListener.bind(online) });
  const bundle = { build: "of now" } as LazyBundle;
  const asked: number[] = [];
  const failed = new Promise<void>((resolve) => missing.subscribe((isMissing) => isMissing && resolve()));
  configureLazy(async (attempt) => {
    asked.push(attempt);
    if (attempt > 0) return bundle;
    throw new TypeError("no network");
  });
  const [first, second] = [loadLazy(), loadLazy()];
  assert.equal(first, second);
  assert.deepEqual(asked, []); // What has just been drawn comes first.
  context.mock.timers.tick(0);
  await failed;
  assert.equal(missing.value, true);
  assert.equal(lazy.value, undefined);
  online.dispatchEvent(new Event("online"));
  assert.equal(await first, bundle);
  assert.deepEqual(asked, [0, 1]);
  assert.equal(missing.value, false);
  assert.equal(lazy.value, bundle);
});
