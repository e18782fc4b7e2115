// Where our own pointer is, sent no more often than the others can see.

import type { Point } from "./wire.ts";

const PAUSE = 40; // Milliseconds between two moves: 25 a second. The room sends on 50, `MOVES` in `src/room.rs`.
const FAR = 65_535;

/** Our pointer on an element. */
export class Pointer {
  /** Where it is, once it has been there. */
  at: Point | undefined;
  readonly #send: (at: Point) => void;
  #resting = true;
  #moved = false;

  constructor(element: HTMLElement, send: (at: Point) => void) {
    this.#send = send;
    for (const event of ["pointerdown", "pointermove"] as const) {
      element.addEventListener(event, ({ clientX, clientY }) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        this.at = { x: part(clientX - left, width), y: part(clientY - top, height) };
        this.#moved = true;
        if (this.#resting) this.#step();
      });
    }
  }

  /** Sends a move and waits; then sends the last of those that came meanwhile, or rests. */
  #step(): void {
    this.#resting = !this.#moved;
    if (!this.#moved || !this.at) return;
    this.#moved = false;
    this.#send(this.at);
    setTimeout(() => this.#step(), PAUSE);
  }
}

function part(distance: number, whole: number): number {
  return Math.round(Math.min(1, Math.max(0, distance / whole)) * FAR);
}
