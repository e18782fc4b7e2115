// Waiting messages that this browser could not store. They are lost with the page: the browser asks before it leaves
// the page, and the page that comes after it says what has happened.

/**
 * Notes that waiting messages of the room are lost if the page is left now, and asks before. Returns how to stop that.
 */
export function guard(room: string): () => void {
  const ask = (event: Event) => event.preventDefault();
  addEventListener("beforeunload", ask);
  note(room, "1");
  return () => {
    removeEventListener("beforeunload", ask);
    note(room, undefined);
  };
}

/** Returns whether the page before this one was left with such messages. It is said once. */
export function wasLeft(room: string): boolean {
  try {
    return sessionStorage.getItem(keyOf(room)) !== null;
  } catch {
    return false;
  } finally {
    note(room, undefined);
  }
}

// Not where the messages are: that storage is full.
function note(room: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(keyOf(room));
    else sessionStorage.setItem(keyOf(room), text);
  } catch {
    // Forbidden: then the browser asks, and that is all.
  }
}

function keyOf(room: string): string {
  return `party.unkept.${room}`;
}
