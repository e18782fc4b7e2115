// A browser as far as the package knows one: storage, locks, and a page that is seen or not, on a network or not.
import type { TestContext } from "node:test";
import type { Locks, Memory, WebStorage } from "../src/index.ts";

/** As `localStorage` is. */
export function storage(): WebStorage & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** Returns a storage that the user has forbidden, or that is full. */
export function forbidden(): WebStorage {
  const refuse = () => {
    throw new Error("forbidden");
  };
  return { getItem: refuse, setItem: refuse, removeItem: refuse, key: refuse, length: 1 };
}

/** Locks of one browser. Each tab has its own hands on them, which let go when it is gone. */
export function lockManager() {
  const queues = new Map<string, (() => void)[]>();
  const held = new Set<string>();
  const release = (name: string) => {
    held.delete(name);
    queues.get(name)?.shift()?.();
  };
  return {
    tab(): Locks & { gone(): void } {
      const own = new Set<string>();
      let alive = true;
      return {
        request: async (name, { ifAvailable }, hold) => {
          await Promise.resolve();
          if (held.has(name)) {
            if (ifAvailable) return hold(null);
            await new Promise<void>((turn) => queues.set(name, [...(queues.get(name) ?? []), turn]));
          }
          if (!alive) return release(name);
          held.add(name);
          own.add(name);
          await hold({ name });
          if (own.delete(name)) release(name);
          return undefined;
        },
        gone() {
          alive = false;
          for (const name of own) (own.delete(name), release(name));
        },
      };
    },
  };
}

/** A browser with tabs. */
export function browser() {
  const local = storage();
  const locks = lockManager();
  return {
    local,
    /** Returns a tab, new or reloaded. */
    tab(session: WebStorage = storage()): Required<Memory> & { gone(): void } {
      const own = locks.tab();
      return { local, session, locks: own, gone: () => own.gone() };
    },
  };
}

/** Puts a page around a test. */
export function page(context: TestContext) {
  const [window, document] = [new EventTarget(), Object.assign(new EventTarget(), { visibilityState: "visible" })];
  const globals = { document, addEventListener: window.addEventListener.bind(window) };
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  let onLine = true;
  const navigator = Object.defineProperty({}, "onLine", { get: () => onLine });
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true, writable: true });
  context.after(() => {
    for (const name of Object.keys(globals)) Reflect.deleteProperty(globalThis, name);
    if (before) Object.defineProperty(globalThis, "navigator", before);
  });
  return {
    show(visible: boolean) {
      document.visibilityState = visible ? "visible" : "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
    },
    /** Comes from the back/forward cache, or is thawed. */
    restore(type: "pageshow" | "resume") {
      const target = type === "resume" ? document : window;
      target.dispatchEvent(Object.assign(new Event(type), { persisted: true }));
    },
    /** Is shown as every page is when it has been loaded. */
    load() {
      window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: false }));
    },
    network(there: boolean) {
      onLine = there;
      window.dispatchEvent(new Event(there ? "online" : "offline"));
    },
  };
}
