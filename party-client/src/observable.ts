// Values that can be watched, without any framework: `subscribe` and `value` are what React's `useSyncExternalStore`
// asks for, and `subscribe` alone is a Svelte store.

export type Observable<T> = {
  readonly value: T;
  /**
   * Calls `listener` at once with the value, and again after each change. Returns how to stop that. Needs no `this`.
   */
  subscribe(this: void, listener: (value: T) => void): () => void;
};

/** One that can be set, in either way. */
export type Source<T> = Observable<T> & { value: T; set(value: T): void };

const due = new Set<() => void>();
const happened: (() => void)[] = [];
let depth = 0;

/**
 * Notifies the listeners of all that `run` sets when it has ended, each observable once: nobody sees half of a change.
 */
export function together<T>(run: () => T): T {
  depth++;
  try {
    return run();
  } finally {
    // Observables that listeners set are added to the end of the same set.
    while (depth === 1 && (due.size || happened.length)) {
      for (const tell of due) (due.delete(tell), tell());
      happened.shift()?.();
    }
    depth--;
  }
}

/** Returns an observable that can be set. Setting the same value again notifies nobody. */
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
      const own = () => carefully(() => listener(value));
      listeners.add(own);
      own();
      return () => void listeners.delete(own);
    },
  };
}

/** Something that happens now and then, and has no value in between. */
export type Emitter<T> = { emit(value: T): void; listen(listener: (value: T) => void): () => void };

/** Listeners are called when what happens together with it has changed all observables. */
export function emitter<T>(): Emitter<T> {
  const listeners = new Set<{ call(value: T): void }>();
  return {
    emit: (value) => together(() => happened.push(() => listeners.forEach(({ call }) => carefully(() => call(value))))),
    listen(call) {
      const own = { call };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

/** Returns the same observable, which calls `wake` before somebody listens to it. */
export function waking<T>(inner: Observable<T>, wake: () => void): Observable<T> {
  return {
    get value() {
      return inner.value;
    },
    subscribe(listener) {
      wake();
      return inner.subscribe(listener);
    },
  };
}

/**
* Runs a callback of the app. Its error must reach the app, but must not keep other listeners from being called or
 * interrupt the client.
 */
function carefully(run: () => void): void {
  try {
    run();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

/** Returns an observable that follows others, and is computed once when several of them change together. */
export function derived<T>(from: readonly Observable<unknown>[], make: () => T): Observable<T> {
  const self = source(make());
  const remake = () => self.set(make());
  for (const one of from) one.subscribe(() => together(() => due.add(remake)));
  return self;
}
