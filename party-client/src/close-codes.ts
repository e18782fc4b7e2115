// The meaning of the close code of a connection.

/** The secret or token is wrong or expired. */
export const UNAUTHORIZED = 4401;

/** A frame was larger than the room lets in. */
export const TOO_LARGE = 1009;

/** Returns whether the client must not reconnect by itself. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code <= 4499 && code !== 4408 && code !== 4429;
}

/** Returns whether the client may reconnect, but only after the time that the room sent. */
export function isLater(code: number): boolean {
  return code === 4429 || code === 4503 || code === 1013;
}
