// The error with which promises of sent frames are rejected.
import type { Code } from "./wire.ts";

export class RoomError extends Error {
  /**
   * The room's code of docs/protocol.md, or one of ours: `offline` (there was no connection), `discarded` (it was given
   * up), `outbox_full` (1,000 operations are unsent already), `not_found` (there is no such item to edit),
   * `invalid_name` (no room can have that name), `invalid_token` (no connection can be opened with that token),
   * `no_answer` (a function of the app did not answer).
   */
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = "RoomError";
    this.code = code;
  }
}
