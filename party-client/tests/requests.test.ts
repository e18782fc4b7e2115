// Requests that are not operations, and older pages, without a room: which are sent next, and what each comes to.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Log } from "../src/log.ts";
import { source } from "../src/observable.ts";
import { pages } from "../src/pages.ts";
import { requests, type Request } from "../src/requests.ts";

const FRAMES = {
  presence: (id: string) => ({ type: "presence", id, data: null }),
  moderate: (id: string) => ({ type: "moderate", id, action: "kick", member: "bob" }),
  token: (id: string) => ({ type: "token", id, token: "t" }),
} as const;

/** Makes a queue, and notes everything that its requests come to. */
function queue() {
  const all = requests();
  const events: string[] = [];
  return {
    all,
    events,
    push(type: keyof typeof FRAMES, id: string, lasting = false) {
      const note = (what: string) => () => void events.push(`${id} ${what}`);
      all.push({ frame: FRAMES[type](id), lasting, taken: note("taken"), refused: note("refused"), lost: note("lost") } as Request);
    },
    next: (most = 9, underWay: string[] = []) => all.next(new Set(underWay), most).map(({ id }) => id).join(" "),
  };
}

test("of several moderations only the first is sent, whatever is before it", () => {
  const { all, push, next } = queue();
  push("presence", "p");
  push("moderate", "m1");
  push("moderate", "m2");
  push("token", "t");
  assert.equal(next(), "p m1 t");
  all.take("m1")?.taken();
  assert.equal(next(), "p m2 t");
});

test("no more requests are sent than may be, and none that is under way", () => {
  const { push, next } = queue();
  for (const id of ["a", "b", "c"]) push("presence", id);
  assert.equal(next(2), "a b");
  assert.equal(next(2, ["a"]), "b c");
  assert.equal(next(0), "");
});

test("a lost connection ends the requests that are not lasting, each with its notice", () => {
  const { all, push, next, events } = queue();
  push("token", "t");
  push("moderate", "m", true);
  push("presence", "p");
  all.lost();
  assert.deepEqual(events, ["t lost", "p lost"]);
  assert.equal(next(), "m");
});

test("the end of the visit refuses all requests, and a request that this makes is kept", () => {
  const { all, push, next, events } = queue();
  push("moderate", "m", true);
  all.push({ frame: FRAMES.token("t"), lasting: false, taken() {}, refused: () => push("presence", "p") } as Request);
  all.end({ code: "offline", message: "the visit was ended" });
  assert.deepEqual(events, ["m refused"]);
  assert.equal(next(), "p");
});

const log = (fields: Partial<Log<unknown>>): Log<unknown> => ({ epoch: "e", position: "p", head: 0, items: [], older: false, resets: 0, ...fields });

test("a page is not asked for before the log has come, and not without an item to ask from", async () => {
  for (const known of [undefined, log({}), log({ older: true })]) {
    const all = requests();
    const older = pages(source<Log<unknown> | undefined>(known), all, () => {});
    assert.equal(older.loading.value, false);
    await older.load();
    assert.deepEqual(all.next(new Set(), 9), []);
  }
});
