// The layout of a conversation: runs of one author, days, deleted messages, and messages on their way.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pending } from "party-client";
import { messageAt } from "../drawn.ts";
import type { MessageBody, MessageDraft } from "../protocol.ts";
import type { Message } from "../room-types.ts";
import { rowsOf, type MessageRow, type Row, type RowContext } from "../rows.ts";
import { stillRight } from "../still-right.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const context: RowContext = { me: "me", mayWrite: true, messageAt, sameDay: (a, b) => Math.floor(a / DAY) === Math.floor(b / DAY) };

const line = (content: string, user = "Maya"): MessageBody => ({ content, user, role: "user" });
let seq = 0;
const said = (id: string, author: string, at = 1, user?: string): Message => ({ id, seq: ++seq, author, at, body: line(id, user) });
const deleted = (id: string): Message => ({ id, seq: ++seq, author: "maya", at: 1, edited: 9 });
const sending = (id: string, error?: Pending<MessageDraft>["error"]): Message => {
  const pending: Pending<MessageDraft> = { frame: { type: "append", id, body: { content: id } }, at: 2, ...(error && { error }) };
  return { id, at: 2, body: line(id), pending };
};

const messages = (rows: Row[]) => rows.filter((row): row is MessageRow => row.kind === "message");
const shape = (rows: Row[]) => messages(rows).map((row) => `${row.first ? "(" : "-"}${row.key}${row.last ? ")" : "-"}`).join(" ");
const kinds = (rows: Row[]) => rows.map((row) => row.kind).join(" ");

test("messages of one author in a row form a run", () => {
  assert.equal(shape(rowsOf([said("a", "maya"), said("b", "maya"), said("c", "tomas")], context)), "(a- -b) (c)");
});

test("a pause ends a run", () => {
  assert.equal(shape(rowsOf([said("a", "maya", 0), said("b", "maya", 6 * MINUTE)], context)), "(a) (b)");
});

test("two authors under the same name are two runs, and so is one who has changed their name", () => {
  assert.equal(shape(rowsOf([said("a", "maya"), said("b", "other"), said("c", "other", 1, "May")], context)), "(a) (b) (c)");
});

test("one's own are those of one's own member, and what is not acknowledged", () => {
  const rows = messages(rowsOf([said("a", "maya"), said("b", "me"), sending("c")], context));
  assert.deepEqual(rows.map((row) => row.mine), [false, true, true]);
  assert.equal(shape(rows), "(a) (b- -c)");
  assert.equal(messages(rowsOf([said("a", "maya")], { ...context, me: undefined }))[0]?.mine, false);
});

test("a separator stands before the first message of every day", () => {
  const rows = rowsOf([said("a", "maya", 1), said("b", "maya", DAY + 1), said("c", "maya", DAY + 2)], context);
  assert.equal(kinds(rows), "day message day message message");
  assert.equal(shape(rows), "(a) (b- -c)");
});

test("a message on its way is marked, and so is a refused one", () => {
  const rows = messages(rowsOf([said("a", "tomas"), sending("x", { code: "muted", message: "no" }), sending("y")], context));
  assert.deepEqual(rows.map((row) => [row.key, row.state]), [["a", "sent"], ["x", "failed"], ["y", "sending"]]);
});

test("deleted messages in a row are one line where one member has deleted them for the same reason", () => {
  const by = (id: string, deletedBy: string, author = "maya"): Message => ({ ...deleted(id), author, deletedBy });
  const items = [by("a", "maya"), by("b", "maya"), by("c", "mod"), by("d", "mod", "tomas"), by("e", "mod", "me"), by("f", "me", "me"), deleted("g")];
  const rows = rowsOf(items, context).flatMap((row) => (row.kind === "deleted" ? [row] : []));
  assert.deepEqual(
    rows.map(({ by, byAuthor, mine, count }) => [by, byAuthor, mine, count]),
    [["maya", true, false, 2], ["mod", false, false, 2], ["mod", false, true, 1], ["me", true, true, 1], [undefined, false, false, 1]],
  );
});

test("deleted messages in a row are one line, which ends a run", () => {
  const rows = rowsOf([said("a", "maya"), deleted("b"), deleted("c"), said("d", "maya")], context);
  assert.equal(kinds(rows), "day message deleted message");
  assert.equal(rows[2]?.kind === "deleted" && rows[2].count, 2);
  assert.equal(shape(rows), "(a) (d)");
});

test("a message that is being deleted is a row of its own", () => {
  const pending: Pending<MessageDraft> = { frame: { type: "delete", id: "x", target: 1 }, at: 2 };
  const rows = rowsOf([deleted("a"), { ...deleted("b"), pending }], context);
  assert.deepEqual(rows.map((row) => row.kind === "deleted" && row.pending), [false, false, true]);
});

test("there is a menu for each message that the room has, except for a reader", () => {
  const items = [said("a", "maya"), said("b", "me"), sending("c")];
  const menus = (changed: Partial<RowContext>) => messages(rowsOf(items, { ...context, ...changed })).map((row) => row.menu);
  assert.deepEqual(menus({}), [true, true, false]);
  assert.deepEqual(menus({ mayWrite: false }), [false, false, false]);
});

test("a reply's row has the message that it answers, as it is now, if that is loaded", () => {
  const question = { ...said("a", "maya"), seq: 1 };
  const answer = said("b", "me");
  const reply = { ...answer, seq: 2, body: { content: "yes", user: "me", role: "user" as const, replyTo: 1 } };
  const far = { ...reply, id: "c", seq: 3, body: { ...reply.body, replyTo: 7 } };
  const [, , second, third] = [undefined, ...messages(rowsOf([question, reply, far], context))];
  assert.equal(second?.answered, question);
  assert.equal(third?.answered, undefined);
  const deletedQuestion = { id: "a", seq: 1, author: "maya", at: question.at };
  const after = messages(rowsOf([deletedQuestion, reply, far], context));
  assert.equal(after[0]?.answered, deletedQuestion);
});

test("rows that are still right are the same as before, so that only what has changed is drawn", () => {
  const items = [said("a", "maya"), said("b", "maya"), said("c", "tomas")];
  const before = rowsOf(items, context);
  const after = rowsOf([...items, said("d", "tomas")], context, before);
  assert.deepEqual(before.map((row, at) => row === after[at]), [true, true, true, false]);
  assert.equal(shape(after), "(a- -b) (c- -d)");
});

const news = (rows: Row[]) => rows.flatMap((row, at) => (row.kind === "new" ? [[at, row.count]] : []));

test("a line stands above the first message that the reader has missed, and ends a run", () => {
  const items = [said("a", "maya"), said("b", "maya"), said("c", "maya")];
  const [, b] = items;
  const rows = rowsOf(items, { ...context, missed: { after: (b?.seq ?? 0) - 1 } });
  assert.equal(kinds(rows), "day message new message message");
  assert.deepEqual(news(rows), [[2, "2"]]);
  assert.equal(shape(rows), "(a) (b- -c)");
});

test("the line stands under the day that begins with it", () => {
  const items = [said("a", "maya", 1), said("b", "maya", DAY + 1)];
  assert.equal(kinds(rowsOf(items, { ...context, missed: { after: items[0]?.seq ?? 0 } })), "day message day new message");
});

test("own messages, deleted ones and those on their way are not new", () => {
  const items = [said("a", "maya"), said("b", "me"), deleted("c"), said("d", "maya"), sending("e")];
  const rows = rowsOf(items, { ...context, missed: { after: items[0]?.seq ?? 0 } });
  assert.equal(kinds(rows), "day message message deleted new message message");
  assert.deepEqual(news(rows), [[4, "1"]]);
  assert.deepEqual(news(rowsOf(items.slice(0, 3), { ...context, missed: { after: 0 } })), [[1, "1"]]);
});

test("the line counts up to where the reader had seen everything", () => {
  const items = [said("a", "maya"), said("b", "maya"), said("c", "maya")];
  const [a, b] = items.map(({ seq = 0 }) => seq);
  assert.deepEqual(news(rowsOf(items, { ...context, missed: { after: a ?? 0, upTo: b ?? 0 } })), [[2, "1"]]);
});

test("where the missed messages begin before the loaded ones, the line stands at the top and says that there are more", () => {
  const items = [said("a", "maya"), said("b", "maya")];
  const missed = { after: (items[0]?.seq ?? 0) - 2 };
  assert.deepEqual(news(rowsOf(items, { ...context, missed, older: true })), [[1, "2+"]]);
  assert.deepEqual(news(rowsOf(items, { ...context, missed, older: false })), [[1, "2"]]);
});

test("in a run the first message of every minute shows its time", () => {
  const items = [said("a", "maya", 0), said("b", "maya", MINUTE - 1), said("c", "maya", MINUTE), said("d", "tomas", MINUTE)];
  assert.deepEqual(messages(rowsOf(items, context)).map((row) => row.minute), [true, false, true, true]);
});

test("every row has a key of its own", () => {
  const keys = rowsOf([said("a", "maya", 1), deleted("b"), said("c", "maya", DAY + 1)], context).map((row) => row.key);
  assert.equal(new Set(keys).size, keys.length);
});

/** Returns numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  return () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

test("rows of which only the end is made again are the same as if all were", () => {
  const random = randomOf(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const authors = ["maya", "tomas", "me"];
  const one = (number: number): Message => {
    const item = random() < 0.2 ? deleted(`d${number}`) : said(`m${number}`, pick(authors), Math.floor(random() * 3 * DAY));
    return item.body && random() < 0.3 ? { ...item, body: { ...item.body, replyTo: Math.max(seq - 3, 1) } } : item;
  };
  const byPlace = (a: Message, b: Message) => Number(a.seq === undefined) - Number(b.seq === undefined);
  for (let round = 0; round < 200; round++) {
    let [all, hidden, rows, me] = [[] as Message[], 0, [] as Row[], "me"];
    for (let step = 0; step < 12; step++) {
      const change = random();
      const at = Math.floor(random() * all.length);
      if (change < 0.5) all = [...all, one(step), ...(random() < 0.3 ? [sending(`p${step}`)] : [])].sort(byPlace);
      else if (change < 0.6) all = all.filter(({ pending }) => !pending);
      else if (change < 0.75 && all[at]?.body) all = all.with(at, { ...all[at], body: line(`edited ${step}`), edited: 1 });
      else if (change < 0.9) hidden = Math.floor(random() * 3);
      else me = pick(authors);
      const now = { ...context, me, all, missed: random() < 0.1 ? { after: 2 } : undefined };
      rows = rowsOf(all.slice(hidden), now, rows, stillRight);
      assert.deepEqual(rows, rowsOf(all.slice(hidden), now));
    }
  }
});

test("rows that are kept when a message comes are the same as before", () => {
  const items = Array.from({ length: 10 }, (_, number) => said(`k${number}`, "maya"));
  const before = rowsOf(items, context, [], stillRight);
  const after = rowsOf([...items, sending("own")], context, before, stillRight);
  assert.deepEqual(after.map((row, at) => row === before[at]), [...before.map(() => true), false]);
  const grown = rowsOf([...items, said("k10", "maya")], context, before, stillRight);
  assert.deepEqual(grown.map((row, at) => row === before[at]), [...before.slice(0, -1).map(() => true), false, false]);
});
