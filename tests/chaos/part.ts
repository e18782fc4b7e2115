// The common code of the parts of a run.

import type { Random } from "./random.ts";
import type { Section } from "./report.ts";

/** What a part of the run is given. */
export interface Setting {
  /** A folder of its own. */
  readonly folder: string;
  /** Chance of its own, from the run's seed. */
  readonly random: Random;
  /** Whether it takes its time. */
  readonly long: boolean;
  readonly section: Section;
}

/** A part of the run. */
export interface Part {
  readonly name: string;
  readonly title: string;
  run(setting: Setting): Promise<void>;
}

/** Lets time pass: how long a fault lasts, or how long load is measured. Nothing waits for an event by it. */
export function pass(milliseconds: number): Promise<void> {
  return new Promise((over) => setTimeout(over, milliseconds));
}
