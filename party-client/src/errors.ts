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

/** Returns what is to be sent. Throws a `TypeError` if JSON cannot hold it: it would never arrive. */
export function sendable<F>(frame: F): F {
  JSON.stringify(frame);
  return frame;
}
