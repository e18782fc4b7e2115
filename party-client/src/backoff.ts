// The time until the next attempt. A deploy disconnects all clients of a room at once; they must not all reconnect at
// once.
import type { Timings } from "./timings.ts";

/** Returns the pause before an attempt: anything between the least and a limit that doubles with each failure. */
export function backoff(failures: number, { least, most }: Pick<Timings, "least" | "most">, random = Math.random): number {
  const limit = Math.min(most, least * 2 ** (failures + 2));
  return least + random() * (limit - least);
}
