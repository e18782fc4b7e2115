// Chance that can be repeated: the same numbers for the same seed (mulberry32).

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Returns a number from 0 to below 1. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns an integer from 0 to below a bound. */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** Returns a number between two. */
  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  /** Another source, whose numbers do not depend on how many were taken from this one since. */
  fork(): Random {
    return new Random(this.below(2 ** 31));
  }
}
