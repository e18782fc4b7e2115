// The figures of `bench/platform`, measured on this machine: the numbers say nothing here, but the program and its
// worker fit together.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createTestHarness } from "wrangler";
import { KEY_HEADER } from "../../bench/platform/answers.ts";
import { atOnce, type Row } from "../../bench/platform/measure/calls.ts";
import { root } from "../support/workerd.ts";

const KEY = "a key that only the owner has";

const harness = createTestHarness({
  root,
  workers: [{ configPath: "bench/platform/wrangler.jsonc", secrets: { FIGURES_KEY: KEY } }],
});
let address: string;

before(async () => {
  address = (await harness.listen()).url.href;
});
after(() => harness.close());

interface Ended {
  readonly code: number | string | null | undefined;
  readonly printed: string;
  readonly complained: string;
}

/** Runs the program as its owner does. */
function run(key: string, ...words: string[]): Promise<Ended> {
  const program = join(root, "bench/platform/measure/main.ts");
  const options = { env: { ...process.env, FIGURES_KEY: key }, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], options, (error, printed, complained) =>
      resolve({ code: error ? error.code : 0, printed, complained }));
  });
}

test("a short run prints every table, the advice of each and the cost", async () => {
  const little = "--sockets 12 --calls 4 --wait 5 --trips 2 --rounds 1 --places weur";
  const { code, printed, complained } = await run(KEY, address, ...little.split(" "));
  assert.equal(code, 0, complained);
  const titles = [...printed.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
  assert.deepEqual(titles, ["Calls at the same time", "Round trips between objects", "Joins", "Sending"]);
  assert.equal(printed.match(/^Change: /gm)?.length, titles.length, printed);
  // The numbers of calls, the places, the sizes of batches, the numbers of sockets.
  const firsts = [...printed.matchAll(/^\| +(\w+) \|/gm)].map(([, cell]) => cell);
  assert.deepEqual(firsts, ["calls", "1", "2", "4", "near", "weur", "10", "2", "sockets", "12"]);
  assert.doesNotMatch(printed, /has failed/);
  assert.match(printed, /^Cost: [^]* in all/m);
});

test("a program with another key is refused by the worker", async () => {
  const { code, printed, complained } = await run(KEY.replace("only", "not only"), address);
  assert.deepEqual({ code, printed }, { code: 2, printed: "" });
  assert.match(complained, /has another key: .*403/);
});

test("the program asks nobody without an address and a key", async () => {
  const mistakes = [
    [await run(KEY), /name one address/],
    [await run("short", address), /FIGURES_KEY/],
    [await run(KEY, "http://party.example"), /begins with https/],
    [await run(KEY, address, "--sockets", "5001"), /--sockets is 1 to 5000/],
  ] as const;
  for (const [{ code, complained }, message] of mistakes) {
    assert.equal(code, 2);
    assert.match(complained, message);
  }
});

test("the worker refuses to do more than its bounds allow", async () => {
  const tooMany = new URL("/run/hub/calls?n=65&ms=0", address);
  const response = await harness.fetch(tooMany.href, { headers: { [KEY_HEADER]: KEY } });
  assert.equal(response.status, 500);
  assert.match(await response.text(), /n is 0 to 64/);
});

test("the number of calls at the same time is found by the waves of answers, and ends before a failure", () => {
  /** The rows of a platform with a limit of calls at once. Each takes 205 milliseconds, and one more for each call. */
  const rows = (limit: number, failing = Infinity): Row[] =>
    [1, 2, 4, 6, 8, 16, 32, 64].map((n) => {
      const last = 205 * Math.ceil(n / limit) + n;
      return { n, first: 205, last, failed: n >= failing ? ["Error: cancelled"] : [] };
    });
  assert.equal(atOnce(rows(6)), 6);
  assert.equal(atOnce(rows(1)), 1);
  assert.equal(atOnce(rows(16)), 16);
  assert.equal(atOnce(rows(64)), 64);
  assert.equal(atOnce(rows(64, 16)), 8);
  assert.equal(atOnce(rows(64, 1)), 1);
});
