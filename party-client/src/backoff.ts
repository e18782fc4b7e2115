// How long to stay away. Everyone loses a room in the same instant when it is deployed anew; they must not come back in the same one.
import type { Timings } from "./timings.ts";

/** The pause before an attempt: anything between the least and a limit that doubles with each failure. */
export function backoff(failures: number, { least, most }: Pick<Timings, "least" | "most">, random = Math.random): number {
  const limit = Math.min(most, least * 2 ** (failures + 2));
  return least + random() * (limit - least);
}
