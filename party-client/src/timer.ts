// A timer that can be set again. All waiting in this package goes through it.
import { elapsed } from "./clock.ts";

export type Timer = {
  /** Runs after `delay` milliseconds, instead of at the time that was set before. */
  set(delay: number): void;
  stop(): void;
  /** The longest time that it waits still; 0 when it does not run. */
  readonly left: number;
};

const LONGEST = 2 ** 31 - 1; // A longer delay overflows in every browser, and runs at once.

export function timer(run: () => void): Timer {
  let handle: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  const stop = () => {
    clearTimeout(handle);
    handle = undefined;
  };
  const wait = (delay: number) => {
    const part = Math.min(delay, LONGEST);
    handle = setTimeout(() => {
      if (delay > part) return wait(delay - part);
      handle = undefined;
      run();
    }, part);
  };
  return {
    stop,
    set(delay) {
      stop();
      due = elapsed() + delay;
      wait(delay);
    },
    get left() {
      return handle === undefined ? 0 : Math.max(due - elapsed(), 1);
    },
  };
}
