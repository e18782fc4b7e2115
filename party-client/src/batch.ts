// Several frames in one. The first goes at once, so a client that was idle waits for nothing; what follows within a few
// milliseconds goes together, so a busy one costs its room few messages.
import { timer } from "./timer.ts";

const FRAMES = 64;
const LETTERS = 20_000; // At most 60,000 bytes: no array is larger than what rooms take as one frame.

export type Batch = {
  /** Sends these frames, in order, together with what else is of this moment. */
  push(frames: readonly object[]): void;
  /** Forgets what has not been sent. */
  clear(): void;
};

export function batch(send: (text: string) => void, gather: number | false): Batch {
  let queue: string[] = [];
  const next = timer(flush);
  function flush() {
    if (gather && queue.length) next.set(gather);
    while (queue.length) {
      const part = queue.splice(0, gather ? fitting(queue) : 1);
      send(part.length > 1 ? `[${part.join()}]` : `${part[0]}`);
    }
  }
  return {
    push(frames) {
      queue.push(...frames.map((frame) => JSON.stringify(frame)));
      if (!next.left) flush();
    },
    clear() {
      next.stop();
      queue = [];
    },
  };
}

/** How many of these texts fit into one: at least the first. */
function fitting(texts: readonly string[]): number {
  let [count, letters] = [0, 0];
  for (const { length } of texts.slice(0, FRAMES)) {
    letters += length;
    if (count && letters > LETTERS) break;
    count++;
  }
  return count;
}
