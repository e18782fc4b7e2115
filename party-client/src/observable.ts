// Values that can be watched, without any framework: `subscribe` and `value` are what React's `useSyncExternalStore` asks for, and
// `subscribe` alone is a Svelte store.

export type Observable<T> = {
  readonly value: T;
  /** Calls `listener` at once with the value, and again after each change. Returns how to stop that. Needs no `this`. */
  subscribe(this: void, listener: (value: T) => void): () => void;
};

/** One that can be set, in either way. */
export type Source<T> = Observable<T> & { value: T; set(value: T): void };

const due = new Set<() => void>();
let depth = 0;

/** Lets what `run` sets be told when it has ended, each observable once: nobody sees half of a change. */
export function together<T>(run: () => T): T {
  depth++;
  try {
    return run();
  } finally {
    // What is set by those who are told comes to the end of the same set.
    if (depth === 1) for (const tell of due) (due.delete(tell), tell());
    depth--;
  }
}

/** An observable of one's own. Setting the same value again tells nobody. */
export function source<T>(value: T): Source<T> {
  const listeners = new Set<() => void>();
  const tell = () => listeners.forEach((listener) => listener());
  return {
    get value() {
      return value;
    },
    set value(next) {
      if (Object.is(value, next)) return;
      value = next;
      together(() => due.add(tell));
    },
    set(next) {
      this.value = next;
    },
    subscribe(listener) {
      const own = () => {
        try {
          listener(value);
        } catch (error) {
          // It is the app's to see, but must not keep others from being told, nor break off what we are about.
          setTimeout(() => {
            throw error;
          });
        }
      };
      listeners.add(own);
      own();
      return () => void listeners.delete(own);
    },
  };
}

/** An observable that follows others, and is made anew once when several of them change together. */
export function derived<T>(from: readonly Observable<unknown>[], make: () => T): Observable<T> {
  const self = source(make());
  const remake = () => self.set(make());
  for (const one of from) one.subscribe(() => together(() => due.add(remake)));
  return self;
}
