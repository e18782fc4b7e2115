// A storm: all clients of a large room lose their connections in one moment and come back.

import { Crowd } from "./crowd.ts";
import type { Pauses } from "./client.ts";
import type { Part, Setting } from "./part.ts";
import { Server } from "./server.ts";

/** With the witness that comes at the end, the members that the chat accepts. */
const LONG = 999;
const SHORT = 100;

/** Few write, since each entry goes to all. */
const WRITERS = 3;
const EVERY_MS = 300;

/** How many operations are accepted between two storms. */
const BETWEEN = 20;

const WITHOUT_JITTER: Pauses = { least: 100, most: 100, jitter: false };
const WITH_JITTER: Pauses = { least: 500, most: 8_000, jitter: true };

export const storm: Part = {
  name: "storm",
  title: "all clients of a large room are cut at once",
  run: async (setting) => {
    const server = await Server.start(setting.folder);
    try {
      await storms(setting, server);
    } finally {
      await server.end("SIGKILL");
    }
  },
};

async function storms({ folder, random, long, section }: Setting, server: Server): Promise<void> {
  const members = long ? LONG : SHORT;
  const measure = measures(server);
  const crowd = new Crowd(server.url, folder, "storm", random, { rooms: 1, members, writers: WRITERS, every: EVERY_MS });
  await crowd.here();
  section.figure(`${members} clients join`, measure());
  crowd.write();
  for (const how of ["cut", "killed"] as const) {
    for (const pauses of [WITH_JITTER, WITHOUT_JITTER]) {
      await crowd.accepts(BETWEEN);
      for (const client of crowd.clients) client.pauses = pauses;
      const welcomes = crowd.welcomes();
      const measure = measures(server);
      if (how === "cut") for (const client of crowd.clients) client.cut();
      else {
        await server.end("SIGKILL");
        section.killed();
        await server.restart();
      }
      await crowd.back(welcomes);
      section.figure(`${how}, back ${pauses.jitter ? "with" : "without"} jitter`, measure());
    }
  }
  await crowd.settle();
  await server.end("SIGKILL");
  section.judge(await crowd.verdicts());
}

/** Measures from now on what it takes until it is asked. */
function measures(server: Server): () => string {
  const [began, cpu] = [performance.now(), server.cpu()];
  return () => {
    const [took, used] = [(performance.now() - began) / 1_000, (server.cpu() - cpu) / 1_000];
    return `${took.toFixed(2)} s, ${used.toFixed(2)} s of workerd's processor time, ${server.memory().toFixed(0)} MiB`;
  };
}
