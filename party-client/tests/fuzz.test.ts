// Fuzz targets of the client's pure modules: any input of a room, a network or an app. `cargo xtask fuzz` runs them for
// as long as one likes. A failure is made smaller, and names the seed that repeats it.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressOf, segmentOf } from "../src/address.ts";
import { readFrames } from "../src/frames.ts";
import { indexOf, withEntries, withPage, withWelcome, type Log } from "../src/log.ts";
import { toSend, withAdopted, withError, without, type Outbox, type Pending } from "../src/outbox.ts";
import { withRoster, type Presence } from "../src/presence.ts";
import type { Entry, Roster, ServerFrame } from "../src/wire.ts";
import { item, welcome, type Body } from "./visit.ts";

const seed = process.env.FUZZ_SEED;
const options = {
  numRuns: Number(process.env.FUZZ_CASES ?? 400),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};
const holds = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) => fc.assert(property, options);

const TYPES = ["welcome", "entry", "ack", "page", "presence", "ephemeral", "you", "own", "shared", "answer", "event", "probe", "error"];
const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "\ud800", "."));

/** A frame that is nearly one of a room's. */
const frame = fc.record(
  {
    type: fc.oneof(fc.constantFrom(...TYPES), text),
    you: fc.oneof(fc.record({ member: text, role: text }), fc.jsonValue()),
    epoch: fc.oneof(text, fc.jsonValue()),
    position: text,
    head: fc.oneof(fc.nat(), fc.jsonValue()),
    now: fc.nat(),
    entries: fc.oneof(fc.array(fc.record({ seq: fc.nat(9), id: text })), fc.jsonValue()),
    id: fc.oneof(text, fc.jsonValue()),
    seq: fc.oneof(fc.nat(), fc.jsonValue()),
    code: text,
    message: text,
    from: text,
    kind: text,
    ttl: fc.oneof(fc.nat(), fc.jsonValue()),
    count: fc.oneof(fc.nat(), fc.jsonValue()),
    join: fc.oneof(fc.array(fc.record({ member: text, data: fc.jsonValue() })), fc.jsonValue()),
    data: fc.jsonValue(),
  },
  { requiredKeys: ["type"] },
);

test("fuzz: a text of a room is read as frames that are known and right, or not at all", () => {
  const texts = fc.oneof(text, fc.json(), frame.map((one) => JSON.stringify(one)), fc.array(frame).map((all) => JSON.stringify(all)));
  holds(
    fc.property(texts, (sent) => {
      for (const read of readFrames<unknown, unknown>(sent)) {
        assert.ok(TYPES.includes(read.type));
        if (read.type === "entry") assert.ok(typeof read.seq === "number" && typeof read.id === "string");
        if (read.type === "ack") assert.equal(typeof read.id, "string");
        if (read.type === "error") assert.ok(typeof read.code === "string" && typeof read.message === "string");
        assert.deepEqual(readFrames(JSON.stringify(read)), [read]);
        take(read);
      }
    }),
  );
});

/** Gives the reducers any frame that was read: they never throw, and keep their order. */
function take(read: ServerFrame<unknown, unknown>): void {
  const log: Log<unknown> = withWelcome(undefined, welcome({ entries: [item(3), item(4)], older: true }));
  if (read.type === "welcome") withWelcome(log, read);
  else if (read.type === "entry") ascends(withEntries(log, [read]));
  else if (read.type === "page") withPage(log, read);
  else if (read.type === "presence") withRoster({ count: 0, members: new Map() }, read);
}

function ascends({ items }: Log<unknown>): void {
  items.forEach(({ seq }, at) => assert.ok(at === 0 || seq > (items[at - 1]?.seq ?? Infinity)));
}

/** The log of a room: each entry is an item, or an edit or a deletion of one before it. */
const history = fc.array(fc.record({ target: fc.nat(40), kind: fc.constantFrom("item", "item", "edit", "deletion") }), { maxLength: 30 }).map((all) => {
  const entries: Entry<Body>[] = [];
  for (const { target, kind } of all) {
    const [seq, items] = [entries.length + 1, entries.filter((entry) => entry.target === undefined)];
    const of = items[target % (items.length || 1)]?.seq;
    if (of === undefined || kind === "item") {
      entries.push(item(seq));
      continue;
    }
    const { body: _, ...deletion } = item(seq, { target: of });
    entries.push(kind === "edit" ? { ...deletion, body: { content: `text ${seq} of ${of}` } } : deletion);
  }
  return entries;
});

/** Returns the items as they are once the room has all these entries. */
function items(entries: readonly Entry<Body>[]): Entry<Body>[] {
  const all = new Map<number, Entry<Body>>();
  for (const { target, ...entry } of entries) {
    const { body: _, ...old } = all.get(target ?? entry.seq) ?? entry;
    const body = entry.body === undefined ? {} : { body: entry.body };
    all.set(target ?? entry.seq, target === undefined ? entry : { ...old, ...body, edited: entry.seq, ...(body.body ? {} : { deletedBy: entry.author }) });
  }
  return [...all.values()];
}

test("fuzz: a log is what the room has up to its head, whatever is lost, doubled or late", () => {
  const step = fc.record({ kind: fc.constantFrom("entries", "entries", "entries", "welcome", "page"), from: fc.nat(30), to: fc.nat(30), before: fc.nat(30) });
  holds(
    fc.property(history, fc.nat(30), fc.array(step, { maxLength: 20 }), (all, first, steps) => {
      const newest = (head: number, size: number) => {
        const known = items(all.slice(0, head));
        return welcome({ entries: known.slice(-size || known.length), head, older: known.length > size && size > 0, recovered: false });
      };
      let log = withWelcome<Body>(undefined, newest(Math.min(first, all.length), 3));
      for (const { kind, from, to, before } of steps) {
        const { head } = log;
        const now = Math.max(head, Math.min(to, all.length));
        if (kind === "entries") log = withEntries(log, all.slice(from, to));
        else if (kind === "welcome" && from % 2) log = withWelcome(log, welcome({ recovered: true, entries: all.slice(head, now), head: now }));
        else if (kind === "welcome") log = withWelcome(log, newest(now, 2));
        else {
          const known = items(all.slice(0, head)).filter(({ seq }) => seq < before);
          log = withPage(log, { before, entries: known.slice(-3), more: known.length > 3 });
        }
        assert.ok(log.head >= head);
        const room = items(all.slice(0, log.head));
        assert.deepEqual(log.items, room.filter(({ seq }) => seq >= (log.items[0]?.seq ?? Infinity)));
        assert.equal(log.older && log.items.length > 0, log.items.length > 0 && log.items.length < room.length);
        for (const { seq } of log.items) assert.equal(log.items[indexOf(log.items, seq)]?.seq, seq);
      }
    }),
  );
});

const pending = fc.record({ n: fc.nat(12), at: fc.nat(5), failed: fc.boolean() }).map(
  ({ n, at, failed }): Pending => ({
    frame: { type: "append", id: `o${n}`, body: n },
    at,
    ...(failed ? { error: { code: "forbidden", message: "no" } } : {}),
  }),
);
const outbox = fc.uniqueArray(pending, { selector: ({ frame }) => frame.id });
const ids = (all: Outbox) => all.map(({ frame }) => frame.id);

test("fuzz: an outbox loses and doubles nothing and keeps the order in which it was written", () => {
  holds(
    fc.property(outbox, outbox, fc.array(fc.nat(12)), fc.nat(5), fc.nat(12), (own, left, done, most, held) => {
      const gone = new Set(done.map((n) => `o${n}`));
      assert.deepEqual(ids(without(own, gone)), ids(own).filter((id) => !gone.has(id)));
      const all = ids(withAdopted(own, left));
      assert.deepEqual([...new Set(all)].sort(), [...new Set([...ids(own), ...ids(left)])].sort());
      assert.equal(new Set(all).size, all.length);
      assert.deepEqual(all.filter((id) => ids(own).includes(id)), ids(own));
      assert.deepEqual(all.filter((id) => !ids(own).includes(id)), ids(left).filter((id) => !ids(own).includes(id)));
      const sent = toSend(own, gone, most, `o${held}`).map(({ id }) => id);
      assert.ok(sent.length <= most && sent.every((id) => !gone.has(id)));
      assert.deepEqual(sent, ids(own).filter((id) => sent.includes(id)));
      assert.ok(own.every(({ frame, error }) => !error || !sent.includes(frame.id)));
      const end = own.findIndex(({ frame, error }) => frame.id === `o${held}` && !error);
      if (end >= 0) assert.ok(sent.every((id) => ids(own).indexOf(id) <= end), "nothing overtakes what is held");
      assert.deepEqual(ids(withError(own, `o${held}`)), ids(own));
    }),
  );
});

test("fuzz: a roster is what the last list and the changes since make of it", () => {
  const member = fc.record({ member: fc.constantFrom("a", "b", "c", "__proto__"), data: fc.nat(3) });
  const change: fc.Arbitrary<Roster<number>> = fc.record(
    { count: fc.nat(9), members: fc.array(member), join: fc.array(member), leave: fc.array(fc.constantFrom("a", "b", "d")) },
    { requiredKeys: ["count"] },
  );
  holds(
    fc.property(fc.array(change), (changes) => {
      let presence: Presence<number> = { count: 0 };
      for (const { members, join, leave, count } of changes) {
        const before = presence;
        presence = withRoster(presence, { count, ...(members && { members }), ...(join && { join }), ...(leave && { leave }) });
        assert.equal(presence.count, count);
        if (members) for (const { member } of members) assert.equal(presence.members?.has(member), !leave?.includes(member));
        else assert.equal(presence.members !== undefined, before.members !== undefined && (join ?? leave) !== undefined);
        for (const gone of leave ?? []) assert.ok(!presence.members?.has(gone));
      }
    }),
  );
});

test("fuzz: a name is one segment of an address, and read again it is the same", () => {
  holds(
    fc.property(fc.oneof(text, text.map((part) => part.repeat(200))), (name) => {
      const segment = segmentOf(name);
      if (segment === undefined) return assert.ok(/^\.{0,2}$/.test(name) || /\p{Surrogate}/u.test(name) || encodeURIComponent(name).length > 1_024);
      assert.equal(decodeURIComponent(segment), name);
      const address = addressOf({ host: "host", party: "chat", room: segment }, { _pk: "1", name: name.slice(0, 50) });
      const url = new URL(address);
      assert.deepEqual(url.pathname.split("/"), ["", "parties", "chat", segment]);
      assert.equal(url.searchParams.get("_pk"), "1");
    }),
  );
});
