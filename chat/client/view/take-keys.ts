// Typing goes to the input, wherever the focus is, as long as it means nothing there. Pasting does, too.

/** Watches the page for keys that nothing else uses, and gives the focus to the input before they are typed. */
export function takeKeys(input: HTMLTextAreaElement): () => void {
  const look = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && isFree(event.target) && types(event)) input.focus();
  };
  document.addEventListener("keydown", look);
  return () => document.removeEventListener("keydown", look);
}

/**
 * Returns whether the key writes something. Of the named keys, a dead one and one of an input method begin a letter.
 */
function types({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  // With both, and on a Mac with Alt alone, a keyboard has more letters.
  if ((ctrlKey && !altKey) || metaKey) return key.toLowerCase() === "v";
  // A space presses a button, and turns the page.
  if (key === " ") return target === document.body;
  return Array.from(key).length === 1 || key === "Dead" || key === "Process";
}

/** Returns whether typed text has no place there: it is no other input, nothing of a menu, and no dialog is open. */
function isFree(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.closest("input, textarea, select, [contenteditable], [role=menu]")) return false;
  // To look for it takes time where there are many messages, so nobody who types in the input waits for it.
  return !document.querySelector("dialog[open]");
}
