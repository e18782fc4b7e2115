// Measures on Cloudflare what only Cloudflare can tell, and prints for each figure what to change by it. README.md in
// the folder above says how to run this.

import { env } from "node:process";
import type { WebSocket } from "ws";
import { measureCalls } from "./calls.ts";
import { measureJoins } from "./joins.ts";
import { paragraph } from "./report.ts";
import { measureSends } from "./sends.ts";
import { Mistake, read, type Settings, USAGE } from "./settings.ts";
import { Site } from "./site.ts";
import { measureTrips } from "./trips.ts";

try {
  await measure(read(process.argv.slice(2), env["FIGURES_KEY"]));
} catch (error) {
  if (!(error instanceof Mistake)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}

async function measure(settings: Settings): Promise<void> {
  const ends = setTimeout(() => {
    console.error(`This has taken ${settings.minutes} minutes, and ends here.`);
    process.exit(1);
  }, settings.minutes * 60_000);
  let sockets: WebSocket[] = [];
  try {
    const site = await Site.of(settings);
    paragraph(`# Figures of ${settings.address.host}, ${new Date().toISOString().slice(0, 10)}`);
    await measureTrips(site, settings, await measureCalls(site, settings));
    sockets = await measureJoins(site, settings);
    await measureSends(site, sockets, settings);
    paragraph(`${site.bill}`);
    paragraph("If you need the worker no more: npx wrangler delete -c bench/platform/wrangler.jsonc");
  } finally {
    for (const socket of sockets) socket.terminate();
    clearTimeout(ends);
  }
}
