// The result of a run of faults: figures for people, and whether everything was right.

import type { Verdict } from "./checker.ts";

/** How many faults are printed for each part of the run. */
const SHOWN = 20;

/** What all parts have counted together. */
export interface Totals {
  kills: number;
  operations: number;
  acknowledged: number;
  received: number;
  lost: number;
  doubled: number;
  faults: number;
}

/** One part of the run. */
export class Section {
  readonly #totals: Totals;
  readonly #started = performance.now();

  constructor(name: string, totals: Totals) {
    this.#totals = totals;
    console.log(`\n${name}`);
  }

  /** Prints a figure. */
  figure(name: string, value: string): void {
    console.log(`  ${name.padEnd(37)} ${value}`);
  }

  /** Something that must be so. */
  expect(holds: boolean, says: string): void {
    if (!holds) this.fault(says);
  }

  fault(says: string): void {
    this.#totals.faults++;
    console.log(`  FAULT: ${says}`);
  }

  killed(): void {
    this.#totals.kills++;
  }

  /** Adds what the checker has found in the histories of some rooms. */
  judge(verdicts: readonly Verdict[]): void {
    const faults = verdicts.flatMap((verdict) => verdict.faults);
    const sum = (what: keyof Verdict["figures"]): number => verdicts.reduce((sum, { figures }) => sum + figures[what], 0);
    const breach = (name: string): number => faults.filter((fault) => fault.breach === name).length;
    const [lost, doubled, gaps] = [breach("lost"), breach("doubled"), breach("gap")];
    const totals = this.#totals;
    totals.operations += sum("operations");
    totals.acknowledged += sum("acknowledged");
    totals.received += sum("received");
    totals.lost += lost;
    totals.doubled += doubled;
    totals.faults += faults.length;
    this.figure("rooms, clients", `${verdicts.length}, ${sum("clients")}`);
    this.figure("operations", `${sum("operations")}, sent ${sum("sent")} times, refused ${sum("refused")} times`);
    this.figure("acknowledged, in the logs", `${sum("acknowledged")}, ${sum("head")}`);
    this.figure("entries received", `${sum("received")}`);
    this.figure("came back exactly, from a new page", `${sum("resumed")}, ${sum("resets")}`);
    if (sum("overtaken") > 0) this.figure("overtaken after a refusal, as allowed", `${sum("overtaken")}`);
    this.figure("lost, doubled, gaps, other faults", `${lost}, ${doubled}, ${gaps}, ${faults.length - lost - doubled - gaps}`);
    for (const { breach, says } of faults.slice(0, SHOWN)) console.log(`  FAULT: ${breach}: ${says}`);
    if (faults.length > SHOWN) console.log(`  and ${faults.length - SHOWN} more`);
  }

  done(): void {
    this.figure("took", `${((performance.now() - this.#started) / 1_000).toFixed(1)} s`);
  }
}

export class Report {
  readonly totals: Totals = { kills: 0, operations: 0, acknowledged: 0, received: 0, lost: 0, doubled: 0, faults: 0 };
  readonly #started = performance.now();

  section(name: string): Section {
    return new Section(name, this.totals);
  }

  /** Prints the verdict. Whether nothing was wrong. */
  finish(): boolean {
    const { kills, operations, acknowledged, received, lost, doubled, faults } = this.totals;
    const seconds = (performance.now() - this.#started) / 1_000;
    const verdict = faults === 0 ? "everything was as it must be" : `${faults} FAULTS`;
    console.log(
      `\n${kills} kills, ${operations} operations, ${acknowledged} acknowledged, ${received} entries received: ` +
        `lost ${lost}, doubled ${doubled}; ${verdict} (${seconds.toFixed(1)} s)`,
    );
    return faults === 0;
  }
}

/** Times in milliseconds as one figure: the middle one and the longest. */
export function times(all: readonly number[]): string {
  if (all.length === 0) return "none";
  return `median ${quantile(all, 0.5).toFixed(0)} ms, longest ${Math.max(...all).toFixed(0)} ms`;
}

/** Returns the value that a share of all values does not exceed. */
export function quantile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
}
