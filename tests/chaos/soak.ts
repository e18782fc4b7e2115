// A soak: members come and go while others write; memory and latency stay as they are.

import { Crowd } from "./crowd.ts";
import { pass, type Part, type Setting } from "./part.ts";
import { quantile } from "./report.ts";
import { Server } from "./server.ts";

interface Scale {
  /** How long a window of measurement is. The run begins with one that is not measured. */
  readonly windowMs: number;
  readonly windows: number;
  readonly members: number;
}

const LONG: Scale = { windowMs: 60_000, windows: 10, members: 12 };
const SHORT: Scale = { windowMs: 3_000, windows: 4, members: 6 };

const ROOMS = 4;
const WRITERS = 3;
const EVERY_MS = 250;

/** How often memory is looked at and one member of each room goes and another comes. */
const CHURN_MS = 500;

/** What the last window may have more than the second: in memory and in the time that all but a hundredth take. */
const MEMORY_FACTOR = 1.25;
const MEMORY_MIB = 48;
const LATENCY_FACTOR = 3;
const LATENCY_MS = 100;

export const soak: Part = {
  name: "soak",
  title: "members come and go while others write",
  run: async (setting) => {
    const server = await Server.start(setting.folder);
    try {
      await run(setting, server);
    } finally {
      await server.end("SIGKILL");
    }
  },
};

/** What was measured in one window. */
interface Window {
  readonly memory: number;
  readonly median: number;
  readonly most: number;
}

async function run({ folder, random, long, section }: Setting, server: Server): Promise<void> {
  const { windowMs, windows, members } = long ? LONG : SHORT;
  const crowd = new Crowd(server.url, folder, "soak", random, { rooms: ROOMS, members, writers: WRITERS, every: EVERY_MS });
  await crowd.here();
  crowd.write();
  const measured: Window[] = [];
  let comings = 0;
  for (let n = 0; n < windows; n++) {
    const [began, memory] = [Date.now(), new Array<number>()];
    while (Date.now() - began < windowMs) {
      await pass(CHURN_MS);
      memory.push(server.memory());
      comings += churn(crowd);
    }
    const took = crowd.writers.flatMap(({ latencies }) => latencies.filter(({ at }) => at >= began).map(({ took }) => took));
    measured.push({ memory: quantile(memory, 0.5), median: quantile(took, 0.5), most: quantile(took, 0.99) });
  }
  const [, second, last] = [measured[0], measured[1], measured.at(-1)];
  section.figure("members that came and went", `${comings}`);
  for (const [name, window] of [["second", second], ["last", last]] as const) {
    if (!window) continue;
    const { memory, median, most } = window;
    section.figure(`${name} ${windowMs / 1_000} s`, `${memory.toFixed(0)} MiB, accepted after ${median} ms, 99 % within ${most} ms`);
  }
  section.figure(`memory, every ${windowMs / 1_000} s`, `${measured.map(({ memory }) => memory.toFixed(0)).join(", ")} MiB`);
  if (second && last) {
    section.expect(last.memory <= second.memory * MEMORY_FACTOR + MEMORY_MIB, "memory has grown");
    // A few seconds on a machine that does other things say nothing of latency.
    if (long) section.expect(last.most <= second.most * LATENCY_FACTOR + LATENCY_MS, "latency has grown");
  }
  await crowd.settle();
  await server.end("SIGKILL");
  section.judge(await crowd.verdicts());
}

/** In each room the reader that came first goes, and another comes. How many came. */
function churn(crowd: Crowd): number {
  for (const gathering of crowd.gatherings) {
    for (const client of gathering.clients.splice(WRITERS, 1)) client.leave();
    crowd.join(gathering);
  }
  return crowd.gatherings.length;
}
