// What this browser keeps for its person. Storage may be forbidden or full; then what is kept lives as long as the page
// does. Other versions of the page, and people, may have written anything there.

/** Returns the text that is kept under a key. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a text; an empty one is removed. */
export function keep(key: string, text: string): void {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {}
}

/** Reads a kept text as a list, of which only what is right counts. */
export function listIn<T>(text: string | null, isRight: (one: unknown) => one is T): T[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter(isRight) : [];
  } catch {
    return [];
  }
}
