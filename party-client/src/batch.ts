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
    if (!queue.length) return;
    arrays(queue).forEach(send);
    queue = [];
    if (gather) next.set(gather);
  }
  return {
    push(frames) {
      const texts = frames.map((frame) => JSON.stringify(frame));
      if (gather === false) return texts.forEach(send);
      queue.push(...texts);
      if (!next.left) flush();
    },
    clear() {
      next.stop();
      queue = [];
    },
  };
}

/** Texts of frames as few texts: a frame alone stays alone, others become arrays. */
function arrays(frames: readonly string[]): string[] {
  const parts: string[][] = [];
  let letters = 0;
  for (const frame of frames) {
    const part = parts.at(-1);
    letters += frame.length;
    if (part && part.length < FRAMES && letters <= LETTERS) part.push(frame);
    else {
      parts.push([frame]);
      letters = frame.length;
    }
  }
  return parts.map((part) => (part.length > 1 ? `[${part.join()}]` : part[0] ?? ""));
}
