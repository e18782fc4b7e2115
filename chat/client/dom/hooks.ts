// What a component remembers from one drawing to the next. Hooks are called at its beginning, always the same ones in the same order.
import type { Ref } from "./element.ts";
import { afterwards, drawing, redraw } from "./render.ts";

function remembered<T extends object>(make: () => T): T {
  return (drawing.live.memory[drawing.hooks++] ??= make()) as T;
}

/** A value of the component's own, and how to set it, after which the component is drawn again. */
export function useState<T>(first: T): [value: T, set: (value: T) => void] {
  const { live } = drawing;
  const state = remembered(() => ({
    value: first,
    set(next: T) {
      if (Object.is(state.value, next)) return;
      state.value = next;
      redraw(live);
    },
  }));
  return [state.value, state.set];
}

/** What is made once. */
export function useOnce<T>(make: () => T): T {
  return remembered(() => ({ value: make() })).value;
}

/** Something that is kept, and may be changed without being drawn. As the `ref` of an element it is that element. */
export function useRef<T>(first: T): { current: T } {
  return useOnce(() => ({ current: first }));
}

/** The element whose `ref` it is. */
export function useElement<E>(): Ref<E> {
  return useRef<E | null>(null);
}

/**
 * Does something when the component is on the page, before that is painted, and again whenever one of `reasons` is another. It may give
 * what is to be done before the next time, and when the component has gone. Outer components come first.
 */
export function useEffect(run: () => void | (() => void), reasons: readonly unknown[]): void {
  const effect = remembered<{ reasons?: readonly unknown[]; leave?: (() => void) | undefined }>(() => ({}));
  if (effect.reasons?.every((reason, index) => reason === reasons[index])) return;
  effect.reasons = reasons;
  afterwards(() => {
    effect.leave?.();
    effect.leave = run() ?? undefined;
  });
}
