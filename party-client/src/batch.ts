// Several frames in one message. The first is sent at once, so an idle client waits for nothing. Frames that follow
// within a few milliseconds goes together, so a busy one costs its room few messages.
import { timer } from "./timer.ts";

const FRAMES = 64;
const LETTERS = 20_000; // At most 60,000 bytes: no array is larger than what rooms take as one frame.

export type Batch = {
  /** Sends these frames, in order, together with what else is of this moment. */
  push(frames: readonly Frame[]): void;
  /** Takes back the frames with an id that have not been sent, and returns their ids. */
  recall(): string[];
  /** Forgets what has not been sent. */
  clear(): void;
};

export type Frame = { id?: string; [field: string]: unknown };

/** `send` is given a text, and the ids of the frames in it. */
export function batch(send: (text: string, ids: readonly (string | undefined)[]) => void, gather: number | false): Batch {
  let queue: { text: string; id: string | undefined }[] = [];
  const next = timer(flush);
  function flush() {
    if (gather && queue.length) next.set(gather);
    while (queue.length) {
      const part = queue.splice(0, gather ? fitting(queue) : 1);
      const texts = part.map(({ text }) => text);
      send(texts.length > 1 ? `[${texts.join()}]` : `${texts[0]}`, part.map(({ id }) => id));
    }
  }
  return {
    push(frames) {
      queue.push(...frames.map((frame) => ({ text: JSON.stringify(frame), id: frame.id })));
      if (!next.left) flush();
    },
    recall() {
      const ids = queue.flatMap(({ id }) => id ?? []);
      queue = queue.filter(({ id }) => id === undefined);
      return ids;
    },
    clear() {
      next.stop();
      queue = [];
    },
  };
}

/** Returns how many of these frames fit into one text: at least the first. */
function fitting(frames: readonly { text: string }[]): number {
  let [count, letters] = [0, 0];
  for (const { text } of frames.slice(0, FRAMES)) {
    letters += text.length;
    if (count && letters > LETTERS) break;
    count++;
  }
  return count;
}
