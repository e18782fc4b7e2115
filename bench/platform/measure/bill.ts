// What a run costs, by the price list of Cloudflare of November 2026, without what a plan includes.

/** Dollars for one request to a worker, for one to an object, and for a second of an object in memory (128 MB). */
const PRICES = { request: 0.3e-6, call: 0.15e-6, second: 0.128 * 12.5e-6 };

export class Bill {
  readonly #start = performance.now();
  #requests = 0;
  #calls = 0;
  #objects = 0;

  /** Adds requests to the worker, requests to objects, and objects that were made. */
  add({ requests = 0, calls = 0, objects = 0 }: { requests?: number; calls?: number; objects?: number }): void {
    this.#requests += requests;
    this.#calls += calls;
    this.#objects += objects;
  }

  /** Returns the arithmetic. It counts each object as busy for the whole run, while most of them sleep. */
  toString(): string {
    const seconds = (performance.now() - this.#start) / 1_000;
    const parts = [
      [`${this.#requests} requests to the worker`, this.#requests * PRICES.request],
      [`${this.#calls} requests to objects`, this.#calls * PRICES.call],
      [`${this.#objects} objects for ${Math.ceil(seconds)} seconds`, this.#objects * seconds * PRICES.second],
    ] as const;
    const dollars = parts.reduce((sum, [, cost]) => sum + cost, 0);
    const shown = parts.map(([what, cost]) => `${what} ($${cost.toFixed(4)})`).join(", ");
    return `Cost: at most ${shown}: $${dollars.toFixed(4)} in all, without what your plan includes.`;
  }
}
