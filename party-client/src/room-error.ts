// What a promise of something that was sent is rejected with.
import type { Code } from "./wire.ts";

export class RoomError extends Error {
  /**
   * The room's code of docs/protocol.md, or one of ours: `offline` (there was no connection), `discarded` (it was given
   * up), `outbox_full` (1,000 operations are unsent already), `not_found` (there is no such item to edit).
   */
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.name = "RoomError";
    this.code = code;
  }
}
