// The checker on a history that was recorded in real workerd, with two SIGKILLs and a member that was away, and on
// mutations of it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Breach, check } from "./checker.ts";
import { type Entry, type Line, readHistory } from "./history.ts";

const recorded = readHistory(join(import.meta.dirname, "history.jsonl"));
const { head } = check(recorded).figures;
const at = recorded.at(-1)?.at ?? 0;

/** Returns the breaches that the checker finds in a history, each named once. */
function breaches(history: readonly Line[]): Breach[] {
  return [...new Set(check(history).faults.map(({ breach }) => breach))];
}

function finds(breach: Breach, history: readonly Line[]): void {
  assert.ok(breaches(history).includes(breach), `found ${JSON.stringify(breaches(history))}, not "${breach}"`);
}

/** Returns where a client received an entry while it was connected. */
function received(client: string, seq: number): number {
  const at = recorded.findIndex((line) => line.what === "entry" && line.client === client && line.entry.seq === seq);
  assert.notEqual(at, -1, `${client} has not received ${seq}`);
  return at;
}

/** Returns the history with every entry, of whatever line, changed or left out. */
function mapEntries(change: (entry: Entry, line: Line) => Entry | undefined): Line[] {
  return recorded.flatMap((line): Line[] => {
    if (line.what === "entry") {
      const entry = change(line.entry, line);
      return entry ? [{ ...line, entry }] : [];
    }
    if (line.what !== "welcome" && line.what !== "page") return [line];
    return [{ ...line, entries: line.entries.flatMap((entry) => change(entry, line) ?? []) }];
  });
}

/** The entries of the log, by their order. */
const log = new Map(
  recorded.flatMap((line) => (line.what === "entry" ? [line.entry] : [])).map((entry) => [entry.seq, entry]),
);

/** A message with a message of the same author right after it. */
const [first, second] = [...log.values()].flatMap((entry) => {
  const next = log.get(entry.seq + 1);
  const fits = next && next.author === entry.author && !entry.target && !next.target;
  return fits ? [entry, next] : [];
}) as [Entry, Entry];

test("a history that was recorded in workerd keeps the protocol", () => {
  const { faults, figures } = check(recorded);
  assert.deepEqual(faults, []);
  assert.equal(figures.operations, figures.head);
  assert.equal(figures.acknowledged, figures.head);
  assert.ok(figures.resumed > 6 && figures.received > 200, JSON.stringify(figures));
});

test("an entry that one client misses is a gap", () => {
  finds("gap", recorded.toSpliced(received("member 2", 12), 1));
});

test("an entry that is missing at the end of what a client resumes is a gap", () => {
  const away = recorded.findLastIndex((line) => line.what === "welcome" && line.recovered);
  const line = recorded[away] as Line & { what: "welcome" };
  finds("gap", recorded.with(away, { ...line, entries: line.entries.slice(0, -1) }));
  finds("gap", recorded.with(away, { ...line, entries: line.entries.slice(1) }));
});

test("a number that the log leaves out is a gap, also if every client starts again behind it", () => {
  const renumbered = mapEntries((entry) => (entry.seq === head ? { ...entry, seq: head + 1 } : entry));
  finds("gap", renumbered.filter((line) => line.what !== "entry" || line.entry.seq < head));
});

test("an entry that one client receives twice is doubled", () => {
  const index = received("member 2", 12);
  finds("doubled", recorded.toSpliced(index, 0, recorded[index] as Line));
});

test("an operation that is in the log twice is doubled", () => {
  finds("doubled", mapEntries((entry) => (entry.seq === second.seq ? { ...entry, id: first.id } : entry)));
});

test("two entries that one client receives in the wrong order are found", () => {
  const [one, two] = [received("member 2", first.seq), received("member 2", second.seq)];
  const [earlier, later] = [recorded[one] as Line, recorded[two] as Line];
  const swapped = breaches(recorded.with(one, later).with(two, earlier));
  assert.deepEqual(swapped.sort(), ["gap", "reordered"]);
});

/** Returns the history with two messages of one author in the log in the wrong order. */
function disordered(): Line[] {
  const swapped = new Map([
    [first.seq, second],
    [second.seq, first],
  ]);
  return mapEntries((entry) => {
    const other = swapped.get(entry.seq);
    return other ? { ...other, seq: entry.seq } : entry;
  });
}

test("two messages of one author that are in the log in the wrong order are found", () => {
  finds("author's order", disordered());
});

test("a refused operation may be overtaken, but not before the room stops waiting for it", () => {
  const history = disordered();
  const index = history.findIndex((line) => line.what === "sent" && line.operation.id === first.id);
  const { client, at } = history[index] as Line;
  const refusal = { client, at, what: "refused", id: first.id, code: "slow_down", retryAfter: 100 } as const;
  const overtaken = (acknowledged: number): Line[] =>
    history
      .toSpliced(index + 1, 0, refusal)
      .map((line) => (line.what === "acknowledged" && line.id === second.id ? { ...line, at: acknowledged } : line));
  assert.ok(breaches(overtaken(at + 5_099)).includes("author's order"));
  assert.ok(!breaches(overtaken(at + 5_100)).includes("author's order"));
  assert.equal(check(overtaken(at + 5_100)).figures.overtaken, 1);
});

test("an acknowledged entry that is lost is found, at the end of the log and within it", () => {
  const last = mapEntries((entry) => (entry.seq === head ? undefined : entry));
  const shorter = last.map((line) => {
    if (line.what === "end") return { ...line, seq: head - 1 };
    return line.what === "welcome" && line.head === head ? { ...line, head: head - 1 } : line;
  });
  assert.deepEqual(breaches(shorter), ["lost"]);
  const within = mapEntries((entry) => {
    if (entry.seq === first.seq) return undefined;
    const target = entry.target !== undefined && entry.target > first.seq ? { target: entry.target - 1 } : {};
    const edited = entry.edited !== undefined && entry.edited > first.seq ? { edited: entry.edited - 1 } : {};
    return { ...entry, ...target, ...edited, seq: entry.seq > first.seq ? entry.seq - 1 : entry.seq };
  });
  finds("lost", within);
});

test("an item that is not on the pages of a client that asked for all is lost", () => {
  finds("lost", mapEntries((entry, { client }) => (client === "member 3" && entry.seq === first.seq ? undefined : entry)));
});

test("an acknowledgement of an operation that is not in the log is found", () => {
  const operation = { type: "append", id: "never", body: { content: "x" } } as const;
  const sent: Line = { client: "member 0", at, what: "sent", operation };
  assert.deepEqual(breaches([...recorded, sent]), []);
  finds("lost", [...recorded, sent, { client: "member 0", at, what: "acknowledged", id: "never", seq: first.seq }]);
});

test("an acknowledgement with another entry's number, or with none, is false", () => {
  const index = recorded.findIndex((line) => line.what === "acknowledged" && line.id === first.id);
  const line = recorded[index] as Line & { what: "acknowledged" };
  const { client, id } = line;
  finds("false acknowledgement", recorded.with(index, { ...line, seq: second.seq }));
  finds("false acknowledgement", recorded.with(index, { client, at, what: "acknowledged", id }));
});

test("a body that one client receives differently, or all of them, is changed", () => {
  const changed = { content: "another", user: "member 0", role: "user" };
  const index = received("member 2", first.seq);
  finds("changed body", recorded.with(index, { client: "member 2", at, what: "entry", entry: { ...first, body: changed } }));
  finds("changed body", mapEntries((entry) => (entry.seq === first.seq ? { ...entry, body: changed } : entry)));
});

test("a field that the app has added and that is not the same for everyone is a changed body", () => {
  const body = { ...(first.body as object), user: "somebody else" };
  const index = received("member 2", first.seq);
  finds("changed body", recorded.with(index, { client: "member 2", at, what: "entry", entry: { ...first, body } }));
});

test("an item that is shown as it was before its last change is found", () => {
  const edited = [...log.values()].find(({ target, body }) => target !== undefined && body !== undefined) as Entry;
  const before = log.get(edited.target as number) as Entry;
  const isNewest = (line: Line): boolean => line.client === "member 3";
  finds("changed body", mapEntries((entry, line) => (isNewest(line) && entry.seq === before.seq ? before : entry)));
});

test("a deleted item whose body is sent is found", () => {
  const deletion = [...log.values()].find(({ target, body }) => target !== undefined && body === undefined) as Entry;
  const before = log.get(deletion.target as number) as Entry;
  finds("changed body", mapEntries((entry, { client }) => (client === "member 3" && entry.seq === before.seq ? before : entry)));
});

test("two entries under one number are two views", () => {
  const index = received("member 2", head - 30);
  const entry = { ...(log.get(head - 30) as Entry), id: "another" };
  finds("two views", recorded.with(index, { client: "member 2", at, what: "entry", entry }));
});

test("an entry of another author, or of nobody, is found", () => {
  finds("wrong author", mapEntries((entry) => (entry.seq === first.seq ? { ...entry, author: "eve" } : entry)));
  finds("wrong author", recorded.filter((line) => line.what !== "sent" || line.operation.id !== first.id));
});

test("a client that comes back as another member is found", () => {
  const index = recorded.findLastIndex((line) => line.what === "welcome" && line.recovered);
  finds("wrong author", recorded.with(index, { ...(recorded[index] as Line & { what: "welcome" }), member: "eve" }));
});

test("an operation that was refused and is in the log is found, unless it was to be sent again", () => {
  const index = recorded.findIndex((line) => line.what === "sent" && line.operation.id === first.id);
  const client = (recorded[index] as Line).client;
  const refusal = { client, at, what: "refused", id: first.id } as const;
  finds("refused and stored", recorded.toSpliced(index + 1, 0, { ...refusal, code: "muted" }));
  assert.deepEqual(breaches(recorded.toSpliced(index + 1, 0, { ...refusal, code: "slow_down", retryAfter: 100 })), []);
});

test("a log in the place of another is found", () => {
  const index = recorded.findLastIndex((line) => line.what === "welcome" && line.recovered);
  finds("another log", recorded.with(index, { ...(recorded[index] as Line & { what: "welcome" }), epoch: "another" }));
});

test("a client that does not end where the log ends is found", () => {
  const index = recorded.findIndex((line) => line.what === "end");
  finds("different ends", recorded.with(index, { ...(recorded[index] as Line & { what: "end" }), seq: head - 1 }));
});
