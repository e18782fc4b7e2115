// What this browser remembers. It may forbid that; then values live as long as the page does, and all else works.

/** A place to remember texts in: for good, or as long as the tab is open. */
export type Memory = { recall(key: string): string | null; remember(key: string, value: string): void };

export const forGood: Memory = memory(() => localStorage);
export const inThisTab: Memory = memory(() => sessionStorage);

// Where storage is forbidden, already naming it throws; hence the function.
function memory(storage: () => Storage): Memory {
  return {
    recall(key) {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    remember(key, value) {
      try {
        storage().setItem(key, value);
      } catch {
        // Forbidden or full.
      }
    },
  };
}
