// The turn clock: a bar that gets shorter, and the seconds.

const TURN_MS = 30_000;

export type Clock = {
  /** How much time is left now; `null` hides the clock. */
  set(leftMs: number | null): void;
};

export function clock(element: HTMLElement): Clock {
  let end: number | null = null;
  const show = (): void => {
    element.hidden = end === null;
    if (end === null) return;
    const left = Math.max(0, end - performance.now());
    element.style.setProperty("--left", String(left / TURN_MS));
    element.dataset["seconds"] = String(Math.ceil(left / 1000));
    element.classList.toggle("short", left < 10_000);
  };
  setInterval(show, 250);
  return {
    set(leftMs) {
      end = leftMs === null ? null : performance.now() + leftMs;
      show();
    },
  };
}
