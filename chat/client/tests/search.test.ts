// A search as one types: what is asked, and which answer counts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomError, type Found } from "party-client";
import type { MessageBody, Query } from "../protocol.ts";
import { searching, type Search } from "../search.ts";

type Asked = { query: Query; resolve(found: Found<MessageBody>): void; reject(error: Error): void };

/** A room that answers when it is told to. */
function room() {
  const asked: Asked[] = [];
  let tell: ((question: Asked) => void) | undefined;
  const query = (query: Query) =>
    new Promise<Found<MessageBody>>((resolve, reject) => {
      const question = { query, resolve, reject };
      if (tell) tell(question);
      else asked.push(question);
      tell = undefined;
    });
  const next = () => new Promise<Asked>((resolve) => (asked.length > 0 ? resolve(asked.shift() as Asked) : (tell = resolve)));
  return { query, next };
}

function found(seqs: number[], next?: number): Found<MessageBody> {
  const body: MessageBody = { content: "milk", user: "Ada", role: "user" };
  const items = seqs.map((seq) => ({ seq, id: String(seq), author: "a", at: 0, body }));
  return { items, complete: next === undefined, ...(next === undefined ? {} : { next }) };
}

/** Waits until a search holds what it is to hold. */
function until(search: ReturnType<typeof searching>, holds: (state: Search) => boolean): Promise<Search> {
  return new Promise((resolve) => search.state.subscribe((state) => holds(state) && resolve(state)));
}

const settled = ({ busy }: Search) => !busy;
const seqs = ({ hits }: Search) => hits.map(({ seq }) => seq);

test("a text that is typed is asked once, without needless spaces", async () => {
  const { query, next } = room();
  const search = searching({ query });
  for (const typed of ["m", "mi", " oat  mil "]) search.type(typed);
  const asked = await next();
  assert.deepEqual(asked.query, { search: { text: "oat mil" } });
  asked.resolve(found([3, 1]));
  assert.deepEqual(seqs(await until(search, settled)), [3, 1]);
  search.type("oat mil ");
  assert.equal(search.state.value.busy, false);
});

test("an answer to an older question changes nothing", async () => {
  const { query, next } = room();
  const search = searching({ query });
  search.type("tea");
  const first = await next();
  search.type("milk");
  const second = await next();
  second.resolve(found([2]));
  await until(search, settled);
  first.resolve(found([9]));
  await new Promise(setImmediate);
  assert.deepEqual([search.state.value.text, seqs(search.state.value)], ["milk", [2]]);
});

test("the search goes on by itself until there is enough to see, and then when it is asked to", async () => {
  const { query, next } = room();
  const search = searching({ query });
  search.type("milk");
  (await next()).resolve(found([90], 50));
  const second = await next();
  assert.deepEqual(second.query, { search: { text: "milk", before: 50 } });
  second.resolve(found([49, 48, 47, 46, 45, 44, 43, 42, 41], 41));
  const enough = await until(search, settled);
  assert.deepEqual([seqs(enough).length, enough.next], [10, 41]);
  search.more();
  search.more();
  const third = await next();
  assert.deepEqual(third.query, { search: { text: "milk", before: 41 } });
  third.resolve(found([1]));
  const all = await until(search, settled);
  assert.deepEqual([seqs(all).length, all.next], [11, undefined]);
});

test("a text without a letter or a digit is not asked, and a refusal is told", async () => {
  const { query, next } = room();
  const search = searching({ query });
  search.type("?!");
  assert.deepEqual(search.state.value, { text: "", hits: [], busy: false });
  search.type("many words");
  (await next()).reject(new RoomError("too_large", "a search has at most 16 words"));
  assert.equal((await until(search, settled)).refused?.code, "too_large");
});
