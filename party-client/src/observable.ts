// Values that can be watched, without any framework: `subscribe` and `value` are what React's `useSyncExternalStore` asks for, and
// `subscribe` alone is a Svelte store.

export type Observable<T> = {
  readonly value: T;
  /** Calls `listener` at once with the value, and again after each change. Returns how to stop that. Needs no `this`. */
  subscribe(this: void, listener: (value: T) => void): () => void;
};

export type Source<T> = Observable<T> & { set(value: T): void };

/** An observable of ours. Setting the same value again tells nobody. */
export function source<T>(value: T): Source<T> {
  const listeners = new Set<(value: T) => void>();
  const tell = () => listeners.forEach((listener) => call(listener, self.value));
  const self = {
    value,
    set(next: T) {
      if (Object.is(self.value, next)) return;
      self.value = next;
      together(() => changed.add(tell));
    },
    subscribe(listener: (value: T) => void) {
      const own = (next: T) => listener(next); // The same function may subscribe twice.
      listeners.add(own);
      call(own, self.value);
      return () => void listeners.delete(own);
    },
  };
  return self;
}

const changed = new Set<() => void>();
let depth = 0;

/** Lets what `run` sets be told when it has ended, each observable once: nobody sees half of a change. */
export function together(run: () => void): void {
  depth++;
  try {
    run();
  } finally {
    if (!--depth) {
      const told = [...changed];
      changed.clear();
      told.forEach((tell) => tell());
    }
  }
}

// What throws in a listener is the app's to see, but must not keep others from being told, nor break off what we are about.
function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
