// Identifiers that nobody can guess, also where the page came over plain http and `crypto.randomUUID` is missing.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Returns 132 random bits as 22 characters that may be in an address. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(22)), (byte) => LETTERS[byte & 63]).join("");
}
