// `cargo xtask chaos [--short] [--seed N] [--only PART] [--keep]`: faults on the chat as it is deployed, in a real
// workerd, under load. Clients that are written from docs/protocol.md record what happens, and a checker that knows
// only the protocol judges it.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corruption } from "./corruption.ts";
import { disk } from "./disk.ts";
import { kills } from "./kills.ts";
import { large } from "./large.ts";
import { peers } from "./peers.ts";
import type { Part } from "./part.ts";
import { Random } from "./random.ts";
import { Report } from "./report.ts";
import { soak } from "./soak.ts";
import { storm } from "./storm.ts";

const PARTS: readonly Part[] = [kills, storm, disk, corruption, peers, soak, large];

const { values } = parseArgs({
  options: { short: { type: "boolean" }, seed: { type: "string" }, only: { type: "string" }, keep: { type: "boolean" } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const chosen = PARTS.filter(({ name }) => values.only === undefined || values.only === name);
if (!Number.isInteger(seed)) fail(`the seed ${values.seed} is not an integer`);
if (chosen.length === 0) fail(`there is no part ${values.only}: choose one of ${PARTS.map(({ name }) => name).join(", ")}`);
// An interrupted run ends the servers that it has started.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const folder = mkdtempSync(join(tmpdir(), "party-chaos-"));
const report = new Report();
console.log(`chaos: ${values.short ? "a short run" : "a long run"}, --seed ${seed}`);
for (const part of chosen) await run(part);
const good = report.finish();
if (good && !values.keep) rmSync(folder, { recursive: true, force: true });
else console.log(`histories, databases and logs are in ${folder}; --seed ${seed} repeats the schedule`);
process.exit(good ? 0 : 1);

async function run(part: Part): Promise<void> {
  const section = report.section(`${part.name}: ${part.title}`);
  const own = join(folder, part.name);
  mkdirSync(own);
  // Its place in the table is part of its seed: a part alone has the schedule that it has among others.
  const random = new Random(seed * PARTS.length + PARTS.indexOf(part));
  try {
    await part.run({ folder: own, random, long: !values.short, section });
  } catch (error) {
    section.fault(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  section.done();
}

function fail(says: string): never {
  console.error(`error: ${says}`);
  process.exit(2);
}
