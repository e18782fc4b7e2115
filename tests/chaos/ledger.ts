// The judge of a crowd that is too large for a history: it compares each entry when it is received, and keeps only the
// log and how far each client is.

import type { Breach, Fault, Figures, Verdict } from "./checker.ts";
import type { Entry, Happening, Operation, Recorder } from "./history.ts";

/** How far a client is. */
interface Reader {
  epoch: string;
  /** The `seq` of its last entry; `undefined` until it was welcomed for the first time. */
  last: number | undefined;
  end: number | undefined;
}

/** One message of the log, as the first client has received it. */
interface Known {
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

/** Judges one room in which clients only append. Each client must resume exactly, however often it comes back. */
export class Ledger implements Recorder {
  readonly #faults: Fault[] = [];
  readonly #log = new Map<number, Known>();
  readonly #readers = new Map<string, Reader>();
  readonly #operations = new Map<string, Operation>();
  readonly #acknowledged = new Map<string, number | undefined>();
  #epoch = "";
  #sent = 0;
  #refused = 0;
  #received = 0;
  #resumed = 0;
  #resets = 0;

  record(client: string, happening: Happening): void {
    const reader = this.#readers.get(client) ?? { epoch: "", last: undefined, end: undefined };
    this.#readers.set(client, reader);
    switch (happening.what) {
      case "entry":
        return this.#follows(client, reader, happening.entry);
      case "welcome":
        return this.#welcome(client, reader, happening);
      case "page":
        return happening.entries.forEach((entry) => this.#learn(client, entry));
      case "sent":
        this.#sent++;
        this.#operations.set(happening.operation.id, happening.operation);
        return;
      case "acknowledged":
        this.#acknowledged.set(happening.id, happening.seq);
        return;
      case "refused":
        this.#refused++;
        return;
      case "end":
        reader.end = happening.seq;
    }
  }

  /** How many entries all clients have received together. */
  get received(): number {
    return this.#received;
  }

  /** Returns the verdict once everyone has ended. */
  verdict(): Verdict {
    const head = Math.max(0, ...this.#log.keys());
    const places = new Map<string, number>();
    for (let seq = 1; seq <= head; seq++) {
      const known = this.#log.get(seq);
      if (!known) this.#fault("gap", `nobody received ${seq}`);
      else if (places.has(known.id)) this.#fault("doubled", `${known.id} is in the log as ${places.get(known.id)} and as ${seq}`);
      else this.#place(known, seq, places);
    }
    for (const [id, seq] of this.#acknowledged) {
      const place = places.get(id);
      if (place === undefined) this.#fault("lost", `${id} was acknowledged as ${seq} and is not in the log`);
      else if (place !== seq) this.#fault("false acknowledgement", `${id} was acknowledged as ${seq} and is ${place}`);
    }
    for (const [client, { end }] of this.#readers)
      if (end !== head) this.#fault("different ends", `${client} ended at ${end}, the log at ${head}`);
    return { faults: this.#faults, figures: this.#figures(head) };
  }

  #place({ id, text }: Known, seq: number, places: Map<string, number>): void {
    places.set(id, seq);
    const operation = this.#operations.get(id);
    if (!operation) this.#fault("wrong author", `nobody sent ${id}, which is in the log as ${seq}`);
    else if (textOf(operation.body) !== text) this.#fault("changed body", `${id} was received as ${text}`);
  }

  #figures(head: number): Figures {
    return {
      clients: this.#readers.size,
      operations: this.#operations.size,
      sent: this.#sent,
      acknowledged: this.#acknowledged.size,
      refused: this.#refused,
      received: this.#received,
      resumed: this.#resumed,
      resets: this.#resets,
      overtaken: 0,
      head,
    };
  }

  #fault(breach: Breach, says: string): void {
    this.#faults.push({ breach, says });
  }

  #welcome(client: string, reader: Reader, welcome: Happening & { what: "welcome" }): void {
    const { epoch, head, recovered, entries } = welcome;
    this.#epoch ||= epoch;
    if (epoch !== this.#epoch) this.#fault("another log", `${client} was welcomed to ${epoch}`);
    if (reader.last === undefined) {
      for (const entry of entries) this.#learn(client, entry);
    } else if (recovered) {
      this.#resumed++;
      for (const entry of entries) this.#follows(client, reader, entry);
      if (reader.last < head) this.#fault("gap", `${client} resumed with ${head} after ${reader.last}`);
    } else {
      this.#resets++;
      this.#fault("lost", `${client} had ${reader.last} and was not brought up to date`);
    }
    [reader.epoch, reader.last] = [epoch, head];
  }

  /** An entry must be the one after the client's last one. */
  #follows(client: string, reader: Reader, entry: Entry): void {
    this.#received++;
    const last = reader.last ?? 0;
    if (entry.seq <= last) this.#fault("doubled", `${client} received ${entry.seq} after ${last}`);
    if (entry.seq > last + 1) this.#fault("gap", `${client} received ${entry.seq} after ${last}`);
    reader.last = Math.max(last, entry.seq);
    this.#learn(client, entry);
  }

  /** Adds an entry to the log, or compares it with what is there. */
  #learn(client: string, { seq, id, author, body }: Entry): void {
    const [known, text] = [this.#log.get(seq), textOf(body)];
    if (!known) return void this.#log.set(seq, { id, author, text });
    if (known.id !== id || known.author !== author || known.text !== text)
      this.#fault("two views", `${client} received ${id} as ${seq}, which is ${known.id} to others`);
  }
}

/** Returns the text of a message. An app may add fields to a body. */
function textOf(body: unknown): string {
  return typeof body === "object" && body !== null && "content" in body ? String(body.content) : "";
}
