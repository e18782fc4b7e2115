// How many sockets one object accepts in a second.

import type { WebSocket } from "ws";
import { median } from "./numbers.ts";
import { failures, paragraph, shown, table, title } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { Site } from "./site.ts";

/** How many sockets are opened at once. The last size is repeated until there are enough. */
const SIZES = [10, 20, 50, 100, 200];

/** The sockets of the comparison are spread over this many objects. */
const OTHERS = 10;

/** The most connections of a relay. */
const OF_A_RELAY = 2_500;

interface Batch {
  readonly size: number;
  readonly ms: number;
  readonly sockets: readonly WebSocket[];
  readonly failed: readonly string[];
}

/** Prints the table, and returns the open sockets, all of one object. */
export async function measureJoins(site: Site, { sockets }: Settings): Promise<WebSocket[]> {
  site.bill.add({ objects: 1 + OTHERS });
  const others = Array.from({ length: OTHERS }, (_, index) => `crowd-${index}`);
  for (const object of ["crowd", ...others]) await site.ask(object, "wait?ms=0");
  const [batches, spread]: [Batch[], Batch[]] = [[], []];
  for (const size of sizes(sockets)) {
    if (!spread.some((batch) => batch.size === size)) spread.push(await open(site, size, others));
    for (const socket of spread.at(-1)?.sockets ?? []) socket.terminate();
    batches.push(await open(site, size, ["crowd"]));
    // What has failed once would fail more often with more sockets.
    if (batches.at(-1)?.failed.length || spread.at(-1)?.failed.length) break;
  }
  print(batches, spread);
  return batches.flatMap((batch) => batch.sockets);
}

/** Returns the sizes of the batches that together open this number of sockets. */
function sizes(sockets: number): number[] {
  const found: number[] = [];
  for (let left = sockets; left > 0; left -= found.at(-1) ?? left) {
    found.push(Math.min(left, SIZES[Math.min(found.length, SIZES.length - 1)] ?? left));
  }
  return found;
}

/** Opens sockets at the same time, to the objects in turn. */
async function open(site: Site, size: number, objects: readonly string[]): Promise<Batch> {
  const start = performance.now();
  const opening = Array.from({ length: size }, (_, index) => site.open(objects[index % objects.length] ?? ""));
  const settled = await Promise.allSettled(opening);
  return {
    size,
    ms: performance.now() - start,
    sockets: settled.flatMap((socket) => (socket.status === "fulfilled" ? [socket.value] : [])),
    failed: settled.flatMap((socket) => (socket.status === "rejected" ? [String(socket.reason)] : [])),
  };
}

function print(batches: readonly Batch[], spread: readonly Batch[]): void {
  const head = ["at once", "batches", "all are open, ms", "joins a second", `over ${OTHERS} objects`, "failed"];
  const rate = ({ ms, sockets }: Batch) => (1_000 * sockets.length) / ms;
  const sizes = spread.map((overOthers) => {
    const same = batches.filter(({ size }) => size === overOthers.size);
    const failed = same.flatMap((batch) => batch.failed).length;
    return { same, failed, ms: median(same.map(({ ms }) => ms)), rate: median(same.map(rate)), overOthers };
  });
  const rows = sizes.map(({ same, failed, ms, rate: ofOne, overOthers }) =>
    [`${overOthers.size}`, `${same.length}`, shown(ms), shown(ofOne), shown(rate(overOthers)), `${failed}`]);
  const best = Math.max(...sizes.map((size) => size.rate));
  title("Joins");
  paragraph(`This machine opens sockets at once: to one object, and for comparison to ${OTHERS} objects.`);
  table(head, rows);
  failures("A join", [...batches, ...spread].flatMap(({ failed }) => failed));
  paragraph(
    "Change: `MOVED_AT_ONCE` and `MOVE_EVERY` in party/src/channel/relays, which move connections to other relays.",
    `One relay may be given ${shown(best / 2)} a second: half of what an object without checks accepts.`,
    `After a deploy ${shown(OF_A_RELAY)} clients are back at their relay in ${shown(OF_A_RELAY / best)} seconds.`,
    `If ${OTHERS} objects were not faster than one, this machine or its network was the limit,`,
    "and an object accepts more.",
  );
}
