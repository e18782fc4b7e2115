// How many calls of one object to other objects run at the same time.

import type { Calls } from "../answers.ts";
import { median } from "./numbers.ts";
import { failures, paragraph, shown, table, title } from "./report.ts";
import type { Settings } from "./settings.ts";
import type { Site } from "./site.ts";

const NUMBERS = [1, 2, 4, 6, 8, 16, 32, 64];

/** What was found for a number of calls. */
export interface Row {
  readonly n: number;
  /** Milliseconds until the first and until the last call was answered. */
  readonly first: number;
  readonly last: number;
  readonly failed: readonly string[];
}

/** Prints the table, and returns how many calls may be on their way at once. */
export async function measureCalls(site: Site, { calls, wait, rounds }: Settings): Promise<number> {
  site.bill.add({ objects: 1 + calls });
  const ask = (n: number, ms: number) => site.ask<Calls>("hub", `calls?n=${n}&ms=${ms}`, n);
  // The first call of an object makes it, which takes longer.
  await ask(calls, 0);
  const rows: Row[] = [];
  for (const n of NUMBERS.filter((number) => number <= calls)) {
    const answers: Calls[] = [];
    for (let round = 0; round < rounds; round += 1) answers.push(await ask(n, wait));
    rows.push({
      n,
      first: median(answers.map(({ answered }) => Math.min(...answered))),
      last: median(answers.map(({ answered }) => Math.max(...answered))),
      failed: answers.flatMap(({ failed }) => failed),
    });
  }
  print(rows, wait);
  const most = atOnce(rows);
  const number = most === rows.at(-1)?.n ? `${most} or more` : `${most}`;
  paragraph(
    "Change: `MOST_CALLS` in party/src/channel/relays/hub.rs.",
    `The most calls that ran at the same time without a failure were ${number}.`,
  );
  return most;
}

function print(rows: readonly Row[], wait: number): void {
  title("Calls at the same time");
  paragraph(`One object calls n others; each waits ${wait} ms before it answers.`);
  const head = ["calls", "first answer, ms", "last answer, ms", "waves", "failed"];
  const cells = ({ n, first, last, failed }: Row, index: number) =>
    [`${n}`, shown(first), shown(last), shown(waves(rows, index)), `${failed.length}`];
  table(head, rows.map(cells));
  failures("A call", rows.flatMap(({ failed }) => failed));
}

/** Returns how many times longer the last answer took than that of a single call. */
function waves(rows: readonly Row[], index: number): number {
  return Math.max(1, Math.round((rows[index]?.last ?? 0) / (rows[0]?.last ?? 1)));
}

/** Returns how many calls ran at the same time, by the rows before the first in which a call has failed. */
export function atOnce(rows: readonly Row[]): number {
  const failing = rows.findIndex(({ failed }) => failed.length > 0);
  const good = failing === -1 ? rows : rows.slice(0, failing);
  const inOneWave = good.filter((_, index) => waves(rows, index) === 1).map(({ n }) => n);
  // The more waves there are, the less a slow call changes their number.
  const last = good.at(-1);
  const inManyWaves = last ? Math.ceil(last.n / waves(rows, good.length - 1)) : 1;
  return Math.max(1, ...inOneWave, inManyWaves);
}
