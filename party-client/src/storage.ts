// The storage of this browser. It may be forbidden or full. Then values are kept as long as the page, and all else
// works.

/** As `localStorage` is. */
export type WebStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** As `navigator.locks` is. */
export type Locks = {
  request(name: string, options: { ifAvailable?: boolean }, hold: (lock: unknown) => unknown): Promise<unknown>;
};

export type Memory = {
  /** Permanent, shared by all tabs. */
  local?: WebStorage;
  /** As long as the tab is open, seen by it alone. */
  session?: WebStorage;
  /** Which tabs are still there. */
  locks?: Locks;
};

export type SafeStorage = {
  recall(key: string): string | undefined;
  /** Stores a value, or removes it if it is `undefined`. Returns whether that worked. */
  remember(key: string, value: string | undefined): boolean;
  keys(prefix: string): string[];
};

/**
 * The browser's own. Where storage is forbidden, already naming it throws; hence the getters, which `safeStorage` calls
 * with care.
 */
export const BROWSER: Memory = {
  get local() {
    return globalThis.localStorage;
  },
  get session() {
    return globalThis.sessionStorage;
  },
  get locks() {
    return globalThis.navigator?.locks as Locks;
  },
};

/** Returns a storage that never throws. */
export function safeStorage(open: () => WebStorage | undefined): SafeStorage {
  const attempt = <T>(use: (storage: WebStorage) => T): T | undefined => {
    try {
      const storage = open();
      return storage && use(storage);
    } catch {
      return undefined;
    }
  };
  return {
    recall: (key) => attempt((storage) => storage.getItem(key)) ?? undefined,
    remember: (key, value) =>
      attempt((storage) => (value === undefined ? storage.removeItem(key) : storage.setItem(key, value), true)) ?? false,
    keys: (prefix) =>
      attempt((storage) =>
        Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter((key) => key.startsWith(prefix)),
      ) ?? [],
  };
}
