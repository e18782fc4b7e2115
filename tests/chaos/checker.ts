// The checker: judges the history of a room by docs/protocol.md alone. It knows nothing of rooms, apps or faults.

import type { Entry, Line, Operation } from "./history.ts";

/** In which way a history breaks the protocol. */
export type Breach =
  /** An entry is missing in what a client received, or in the log. */
  | "gap"
  /** An entry was received twice, or an operation is in the log twice. */
  | "doubled"
  /** An entry was received after a later one. */
  | "reordered"
  /** An acknowledged operation is not in the log. */
  | "lost"
  /** An operation was acknowledged with a `seq` that is another's, or with none. */
  | "false acknowledgement"
  /** Two clients received different entries under one `seq`. */
  | "two views"
  /** A body is not the one that was sent, or not the same for everyone. */
  | "changed body"
  /** Operations of one client are in the log in another order than that in which it wrote them. */
  | "author's order"
  /** An entry has another author than the client that sent it, or nobody sent it. */
  | "wrong author"
  /** An operation that was refused is in the log. */
  | "refused and stored"
  /** A log was replaced by another one. */
  | "another log"
  /** A client did not end where the others did. */
  | "different ends";

export interface Fault {
  readonly breach: Breach;
  readonly says: string;
}

/** What is counted beside the faults. */
export interface Figures {
  clients: number;
  /** Operations that clients wrote, each counted once. */
  operations: number;
  /** How often they were sent. */
  sent: number;
  acknowledged: number;
  refused: number;
  /** Entries that were received, by all clients together. */
  received: number;
  /** Welcomes with `recovered: true`, and later welcomes of a client without. */
  resumed: number;
  resets: number;
  /** Operations that were overtaken while they waited after a refusal, later than the room must prevent it. */
  overtaken: number;
  /** The last `seq` of the log. */
  head: number;
}

export interface Verdict {
  readonly faults: readonly Fault[];
  readonly figures: Figures;
}

/** Codes of a failure of the room itself: the order of its author is not promised for such an operation. */
const FAILURES: readonly string[] = ["internal", "unavailable"];

/** So long after a refused operation could be sent again a room has nothing wait for it any more. */
const HELD_MS = 5_000;

/** Judges the history of one room. */
export function check(history: readonly Line[]): Verdict {
  const checker = new Checker();
  for (const line of history) checker.follow(line);
  checker.judgeLog();
  for (const line of history) checker.compareBodies(line);
  return { faults: checker.faults, figures: checker.figures };
}

/** An operation and what became of it. */
interface Written {
  readonly client: string;
  readonly operation: Operation;
  /** At which `seq` it was acknowledged. */
  acknowledged: Set<number | undefined>;
  acknowledgedAt: number;
  refused: boolean;
  failed: boolean;
  sentAt: number;
  /** Until when at least the room had others wait for it, if it was refused for a while. */
  heldUntil: number | undefined;
}

/** An operation at its place in the log, and the last place of all that its client wrote until then. */
interface Placed {
  readonly written: Written;
  readonly place: number;
  readonly last: number;
}

/** A client and how far it has followed the log. */
interface Reader {
  member: string | undefined;
  epoch: string | undefined;
  /** The `seq` of its last entry. */
  last: number | undefined;
  /** What it has not received of what was before its last entry. */
  missed: Set<number>;
  /** The items that it has received since it began with a newest page. */
  items: Set<number>;
  end: { epoch: string; seq: number; whole: boolean } | undefined;
}

class Checker {
  readonly faults: Fault[] = [];
  readonly figures: Figures = {
    clients: 0,
    operations: 0,
    sent: 0,
    acknowledged: 0,
    refused: 0,
    received: 0,
    resumed: 0,
    resets: 0,
    overtaken: 0,
    head: 0,
  };
  readonly #written = new Map<string, Written>();
  readonly #readers = new Map<string, Reader>();
  /** The log that has entries, and what all clients together know of it. */
  #epoch: string | undefined;
  readonly #log = new Map<number, Entry>();
  /** For each item the changes of it, in ascending order. */
  readonly #changes = new Map<number, number[]>();
  /** The body of each item as of each of its changes, as text. */
  readonly #bodies = new Map<number, string>();

  #fault(breach: Breach, says: string): void {
    this.faults.push({ breach, says });
  }

  // First: each client's own sequence, while the log is put together of all.

  follow(line: Line): void {
    const reader = this.#reader(line.client);
    switch (line.what) {
      case "sent":
        return this.#sent(line);
      case "acknowledged":
        return this.#acknowledged(line);
      case "refused":
        return this.#refused(line);
      case "welcome":
        return this.#welcome(line, reader);
      case "entry":
        this.figures.received++;
        this.#inOrder(line.client, reader, line.entry);
        return this.#learn(line.client, reader, line.entry);
      case "page":
        return this.#page(line.client, reader, line.entries);
      case "end":
        reader.end = line;
    }
  }

  #reader(client: string): Reader {
    const known = this.#readers.get(client);
    if (known) return known;
    const nothing = { member: undefined, epoch: undefined, last: undefined, end: undefined };
    const reader: Reader = { ...nothing, missed: new Set(), items: new Set() };
    this.#readers.set(client, reader);
    this.figures.clients++;
    return reader;
  }

  #sent({ client, at, operation }: Line & { what: "sent" }): void {
    this.figures.sent++;
    const known = this.#written.get(operation.id);
    if (known) return void (known.sentAt = at);
    this.figures.operations++;
    const nothing = { refused: false, failed: false, heldUntil: undefined, acknowledgedAt: 0 };
    this.#written.set(operation.id, { client, operation, acknowledged: new Set(), sentAt: at, ...nothing });
  }

  #acknowledged({ at, id, seq }: Line & { what: "acknowledged" }): void {
    this.figures.acknowledged++;
    const written = this.#written.get(id);
    if (!written) return;
    written.acknowledged.add(seq);
    written.acknowledgedAt ||= at;
  }

  #refused(line: Line & { what: "refused" }): void {
    this.figures.refused++;
    const written = this.#written.get(line.id);
    if (!written) return;
    if (FAILURES.includes(line.code)) written.failed = true;
    if (line.retryAfter === undefined) written.refused = true;
    else written.heldUntil ??= written.sentAt + line.retryAfter + HELD_MS;
  }

  #welcome(line: Line & { what: "welcome" }, reader: Reader): void {
    const { client, epoch, head, entries } = line;
    if (reader.member !== undefined && reader.member !== line.member)
      this.#fault("wrong author", `${client} was the member ${reader.member} and is now ${line.member}`);
    reader.member = line.member;
    if (reader.epoch !== undefined) line.recovered ? this.figures.resumed++ : this.figures.resets++;
    if (line.recovered) {
      if (reader.epoch !== epoch)
        this.#fault("another log", `${client} had the log ${reader.epoch} and resumes ${epoch}`);
      for (const entry of entries) {
        this.figures.received++;
        this.#inOrder(client, reader, entry);
        this.#learn(client, reader, entry, epoch);
      }
      if ((reader.last ?? 0) < head) this.#fault("gap", `${client} resumes up to ${reader.last}, but the log has ${head}`);
    } else {
      [reader.missed, reader.items] = [new Set(), new Set()];
      this.#page(client, reader, entries, epoch);
      if ((entries.at(-1)?.seq ?? 0) > head) this.#fault("gap", `${client} begins at ${head} with a later item`);
    }
    reader.epoch = epoch;
    reader.last = head;
  }

  /** An entry of the log itself must be the next one. */
  #inOrder(client: string, reader: Reader, { seq }: Entry): void {
    const { last = 0, missed } = reader;
    const late = missed.delete(seq);
    if (seq > last + 1) this.#fault("gap", `${client} received ${seq} after ${last}`);
    else if (seq <= last) this.#fault(late ? "reordered" : "doubled", `${client} received ${seq} after ${last}`);
    // The rest of a sequence with a gap or a doubling is judged for itself.
    for (let gone = last + 1; gone < seq; gone++) missed.add(gone);
    reader.last = Math.max(seq, last);
  }

  /** Items, each after the one before it. */
  #page(client: string, reader: Reader, entries: readonly Entry[], epoch = reader.epoch): void {
    let last = 0;
    for (const entry of entries) {
      if (entry.seq <= last) this.#fault("reordered", `${client} received a page with ${entry.seq} after ${last}`);
      if (entry.target !== undefined) this.#fault("two views", `${client} received a page with the change ${entry.seq}`);
      last = entry.seq;
      this.#learn(client, reader, entry, epoch);
    }
  }

  /** Adds an entry to the log, or compares it with what is there. */
  #learn(client: string, reader: Reader, entry: Entry, epoch = reader.epoch): void {
    this.#epoch ??= epoch;
    if (this.#epoch !== epoch) return this.#fault("another log", `${client} received ${entry.seq} of ${epoch}`);
    if (entry.target === undefined) reader.items.add(entry.seq);
    const { seq, id, author, target } = entry;
    const known = this.#log.get(seq);
    if (!known) return void this.#log.set(seq, target === undefined ? { seq, id, author } : { seq, id, author, target });
    if (known.id !== id || known.author !== author || known.target !== target)
      this.#fault("two views", `${client} received ${id} as ${seq}, which is ${known.id} to others`);
  }

  // Then: the log as a whole.

  judgeLog(): void {
    const seqs = [...this.#log.keys()].sort((a, b) => a - b);
    const head = seqs.at(-1) ?? 0;
    this.figures.head = head;
    for (let seq = 1; seq <= head; seq++) if (!this.#log.has(seq)) this.#fault("gap", `nobody received ${seq}`);
    const places = new Map<string, number>();
    for (const seq of seqs) this.#judgeEntry(this.#log.get(seq) as Entry, places);
    this.#judgeWritten(places);
    this.#judgeEnds(head);
  }

  #judgeEntry(entry: Entry, places: Map<string, number>): void {
    const { seq, id, author, target } = entry;
    if (places.has(id)) this.#fault("doubled", `${id} is in the log as ${places.get(id)} and as ${seq}`);
    else places.set(id, seq);
    if (target !== undefined) {
      const changes = this.#changes.get(target) ?? [];
      changes.push(seq);
      this.#changes.set(target, changes);
    }
    const written = this.#written.get(id);
    if (!written) return this.#fault("wrong author", `nobody sent ${id}, which is in the log as ${seq}`);
    if (written.refused) this.#fault("refused and stored", `${id} was refused and is in the log as ${seq}`);
    if (written.operation.target !== target)
      this.#fault("changed body", `${id} has the target ${target}, sent was ${written.operation.target}`);
    const member = this.#readers.get(written.client)?.member;
    // An app may keep to itself who changed an item.
    if (author !== member && !(target !== undefined && author === ""))
      this.#fault("wrong author", `${id} of ${member} is in the log as ${author}'s`);
  }

  /** What was acknowledged is there, and what one client wrote is in its order. */
  #judgeWritten(places: Map<string, number>): void {
    const before = new Map<string, Placed[]>();
    for (const [id, written] of this.#written) {
      const { client, acknowledged, failed } = written;
      const place = places.get(id);
      for (const seq of acknowledged) {
        if (place === undefined) this.#fault("lost", `${id} of ${client} was acknowledged as ${seq} and is not in the log`);
        else if (place !== seq) this.#fault("false acknowledgement", `${id} was acknowledged as ${seq} and is ${place}`);
      }
      if (place === undefined || failed) continue;
      const earlier = before.get(client) ?? [];
      const last = earlier.at(-1)?.last ?? 0;
      if (place < last) this.#overtakes(written, place, earlier);
      earlier.push({ written, place, last: Math.max(place, last) });
      before.set(client, earlier);
    }
  }

  /**
   * An operation is in the log before some that its client wrote earlier. It may be, when these were refused for a
   * while and did not
   * come again in time: a room waits so long, and a room that stands still does not see that they come.
   */
  #overtakes(written: Written, place: number, earlier: readonly Placed[]): void {
    const overtaken = earlier.filter((other) => other.place > place);
    const held = overtaken.map((other) => other.written.heldUntil ?? Infinity);
    if (Math.max(...held) < Infinity && Math.min(...held) <= (written.acknowledgedAt || Infinity)) {
      this.figures.overtaken += overtaken.length;
      return;
    }
    const { client, operation } = written;
    const ids = overtaken.map((other) => other.written.operation.id).join(", ");
    this.#fault("author's order", `${operation.id} of ${client} is in the log as ${place}, before ${ids}`);
  }

  #judgeEnds(head: number): void {
    const items = [...this.#log.values()].filter(({ target }) => target === undefined);
    for (const [client, { end, items: has, last }] of this.#readers) {
      if (!end) continue;
      if (end.seq !== head || (last ?? 0) !== head || (head > 0 && end.epoch !== this.#epoch))
        this.#fault("different ends", `${client} ended at ${end.epoch} ${end.seq}, the log at ${this.#epoch} ${head}`);
      if (!end.whole) continue;
      for (const { seq } of items)
        if (!has.has(seq)) this.#fault("lost", `${client} asked for every item and did not receive ${seq}`);
    }
  }

  // Last: bodies. What an entry's body is follows from the last change of its item that its reader knew.

  compareBodies(line: Line): void {
    const reader = this.#reader(line.client);
    if (line.what === "entry") {
      this.#compareBody(line.client, line.entry, line.entry.seq);
      reader.last = line.entry.seq;
    }
    if (line.what === "welcome") {
      for (const entry of line.entries) this.#compareBody(line.client, entry, line.head);
      reader.last = line.head;
    }
    if (line.what === "page") for (const entry of line.entries) this.#compareBody(line.client, entry, reader.last ?? 0);
  }

  /** Compares the body of an entry that a client received when the log had `head` entries. */
  #compareBody(client: string, { seq, target, body, edited }: Entry, head: number): void {
    const item = target ?? seq;
    const change = this.#changes.get(item)?.findLast((change) => change <= head);
    const version = change ?? item;
    const id = this.#log.get(version)?.id ?? "";
    const sent = this.#written.get(id)?.operation;
    const text = JSON.stringify(body) ?? "none";
    const known = this.#bodies.get(version);
    if (known === undefined) this.#bodies.set(version, text);
    else if (known !== text) this.#fault("changed body", `${client} received ${text} for ${seq}, others ${known}`);
    if (sent && !includes(body, sent.body))
      this.#fault("changed body", `${client} received ${text} for ${seq}, sent was ${JSON.stringify(sent.body)}`);
    if (edited !== undefined && edited !== change)
      this.#fault("two views", `${client} received ${seq} as changed by ${edited}, its last change is ${change}`);
  }
}

/** Returns whether a body is the one that was sent. An app may add fields to it. */
function includes(body: unknown, sent: unknown): boolean {
  if (typeof sent !== "object" || sent === null) return JSON.stringify(body) === JSON.stringify(sent);
  if (typeof body !== "object" || body === null) return false;
  const fields = new Map(Object.entries(body));
  return Object.entries(sent).every(([name, value]) => JSON.stringify(fields.get(name)) === JSON.stringify(value));
}
