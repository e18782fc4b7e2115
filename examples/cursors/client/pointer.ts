// Where our own pointer is, told no more often than the others can see.

import type { Point } from "./wire.ts";

const PAUSE = 40; // Milliseconds between two moves: 25 a second. The room sends on 50, see `src/pace.rs`.
const FAR = 65_535;

/** Our pointer on an element. */
export class Pointer {
  /** Where it is, once it has been there. */
  at: Point | undefined;
  readonly #tell: (at: Point) => void;
  #resting = true;
  #moved = false;

  constructor(element: HTMLElement, tell: (at: Point) => void) {
    this.#tell = tell;
    for (const event of ["pointerdown", "pointermove"] as const) {
      element.addEventListener(event, ({ clientX, clientY }) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        this.at = { x: part(clientX - left, width), y: part(clientY - top, height) };
        this.#moved = true;
        if (this.#resting) this.#step();
      });
    }
  }

  /** Tells a move and waits; then tells the last of those that came meanwhile, or rests. */
  #step(): void {
    this.#resting = !this.#moved;
    if (!this.#moved || !this.at) return;
    this.#moved = false;
    this.#tell(this.at);
    setTimeout(() => this.#step(), PAUSE);
  }
}

function part(distance: number, whole: number): number {
  return Math.round(Math.min(1, Math.max(0, distance / whole)) * FAR);
}
