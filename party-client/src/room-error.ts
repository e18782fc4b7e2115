// What a promise of something written is rejected with.
import type { Code } from "./wire.ts";

export class RoomError extends Error {
  /** The room's code of docs/protocol.md, or one of ours. */
  readonly code: Code | "discarded" | "outbox_full";

  constructor(code: RoomError["code"], message: string) {
    super(message);
    this.name = "RoomError";
    this.code = code;
  }
}
