// Keys of input methods.

/**
 * Returns whether the key belongs to an input method, which uses Enter and Escape itself. Safari shows that only by key
 * code 229.
 */
export function composes(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
