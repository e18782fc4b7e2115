// Histories: what the clients of one room have sent and received, as lines of JSON in the order in which it happened.

import { createWriteStream, readFileSync } from "node:fs";
import { finished } from "node:stream/promises";

/** An entry as docs/protocol.md has it. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly author: string;
  readonly target?: number;
  readonly body?: unknown;
  /** The `seq` of the last change of an item that was changed. */
  readonly edited?: number;
}

/** An operation of a client. */
export interface Operation {
  readonly type: "append" | "edit" | "delete";
  readonly id: string;
  readonly target?: number;
  readonly body?: unknown;
}

/** What happened at a client. */
export type Happening =
  /** It sent an operation, for the first time or again. */
  | { readonly what: "sent"; readonly operation: Operation }
  /** Its operation was acknowledged, by an `ack` or by the entry itself. */
  | { readonly what: "acknowledged"; readonly id: string; readonly seq?: number }
  /** Its operation was refused. */
  | { readonly what: "refused"; readonly id: string; readonly code: string; readonly retryAfter?: number }
  | {
      readonly what: "welcome";
      readonly member: string;
      readonly epoch: string;
      readonly head: number;
      readonly recovered: boolean;
      readonly entries: readonly Entry[];
    }
  | { readonly what: "entry"; readonly entry: Entry }
  /** A page of items before those that it has. */
  | { readonly what: "page"; readonly entries: readonly Entry[] }
  /** Its connection ended. */
  | { readonly what: "closed"; readonly code: number }
  /** An error that is about no operation. */
  | { readonly what: "error"; readonly code: string }
  /** The run is over, with this as its last entry. `whole`: it has asked for every item of the log. */
  | { readonly what: "end"; readonly epoch: string; readonly seq: number; readonly whole: boolean };

/** A line of a history: at which client, and when, in milliseconds since 1970. */
export type Line = { readonly client: string; readonly at: number } & Happening;

/** Takes what happens at the clients of one room. */
export interface Recorder {
  record(client: string, happening: Happening): void;
}

/** A history that is written into a file. */
export class HistoryFile implements Recorder {
  readonly path: string;
  readonly #file;

  constructor(path: string) {
    this.path = path;
    this.#file = createWriteStream(path);
  }

  record(client: string, happening: Happening): void {
    this.#file.write(`${JSON.stringify({ client, at: Date.now(), ...happening })}\n`);
  }

  /** Ends the file and reads it. */
  async read(): Promise<Line[]> {
    this.#file.end();
    await finished(this.#file);
    return readHistory(this.path);
  }
}

/** Reads a file of lines. */
export function readHistory(path: string): Line[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
