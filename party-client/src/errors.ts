// Errors that the client makes itself, and those of the room's that are about a whole text.
import type { Failure } from "./outbox.ts";
import { RoomError } from "./room-error.ts";
import { VERSION, type Code, type ErrorFrame } from "./wire.ts";

/**
 * Codes of a text that the room could not read. Where such an error names no frame, none of the text's frames counts.
 */
export const UNREAD: readonly string[] = ["binary", "not_json", "too_long"];

export const OFFLINE: Failure = { code: "offline", message: "there is no connection" };

export const ENDED: Failure = { code: "offline", message: "the visit was ended" };

export const NO_WELCOME: ErrorFrame = {
  code: "no_welcome",
  message: `the room at this address did not answer with protocol ${VERSION}`,
};

/** Returns an error of the app's, or of the platform's, as one of ours. */
export function failure(code: Code, error: unknown): Failure {
  return error instanceof RoomError ? { code: error.code, message: error.message } : { code, message: String(error) };
}

// Half of a character, as JSON writes it: no room can read that. A backslash of the text itself is written as two.
const ESCAPED = /\\(?:ud[89a-f]..|.)/g;
const HALF = 6;

/**
 * Returns what is to be sent, with U+FFFD for each half of a character. Throws a `TypeError` if JSON cannot hold it: it
 * would never arrive.
 */
export function sendable<F>(frame: F): F {
  const text = JSON.stringify(frame) as string | undefined;
  const whole = text?.replace(ESCAPED, (escaped) => (escaped.length === HALF ? "\ufffd" : escaped));
  return whole === undefined || whole === text ? frame : JSON.parse(whole);
}
