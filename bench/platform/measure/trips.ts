// How long a call of one object to another takes, near and far.

import type { Trips } from "../answers.ts";
import { median, quantile } from "./numbers.ts";
import { paragraph, shown, table, title } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { Site } from "./site.ts";

/** The relays of a room of 100,000 members. */
const RELAYS = 40;

/** Prints the table. `atOnce` is how many calls run at the same time. */
export async function measureTrips(site: Site, { trips, places }: Settings, atOnce: number): Promise<void> {
  const waves = Math.ceil(RELAYS / atOnce);
  const head = ["made at", "median, ms", "p95, ms", "mean, ms", `${RELAYS} relays, ms`];
  const rows: string[][] = [];
  for (const place of ["near", ...places]) {
    site.bill.add({ objects: 1 });
    const { each, total } = await site.ask<Trips>("hub", `trips?n=${trips}&at=${place}`, trips + 1);
    const numbers = [median(each), quantile(each, 0.95), total / each.length, waves * median(each)];
    rows.push([place, ...numbers.map(shown)]);
  }
  title("Round trips between objects");
  paragraph(
    `An object near you calls an object at each place, ${trips} times after each other.`,
    'The one at "near" is made without a place.',
    "Cloudflare makes an object as near to its place as it can, and promises nothing.",
  );
  table(head, rows);
  paragraph(
    "Change: `Settings::batch_window` of a large room, in which a hub collects entries.",
    `It may be as long as the last column, the time to tell ${RELAYS} relays there, ${atOnce} at once.`,
    "If that is more than 250 ms where your members are, a tier between hub and relays is worth its work",
    "(docs/large-rooms.md).",
  );
}
