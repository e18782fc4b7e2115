// Identifiers that nobody can guess. `crypto.randomUUID` is missing where the page came over plain http.

/** 128 bits as 32 letters. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
