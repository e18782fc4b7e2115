// A timer that can be set again. All waiting in this package goes through it.

export type Timer = {
  /** Runs after so many milliseconds, instead of whenever it would have run. */
  set(delay: number): void;
  stop(): void;
  /** For how long it waits at most; 0 when it does not run. */
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
  return {
    stop,
    set(delay) {
      stop();
      due = Date.now() + delay;
      handle = setTimeout(() => {
        handle = undefined;
        run();
      }, Math.min(delay, LONGEST));
    },
    get left() {
      return handle === undefined ? 0 : Math.max(due - Date.now(), 1);
    },
  };
}
