// How a conversation is laid out: runs of one author, days, gaps, and what is on its way.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as talk from "../conversation.ts";
import type { Message } from "../protocol.ts";
import { rowsOf, type MessageRow, type Row } from "../rows.ts";

const MINUTE = 60_000;
const context = { isMine: (id: string) => id.startsWith("mine"), sameDay: (a: number, b: number) => Math.floor(a / 86_400_000) === Math.floor(b / 86_400_000) };
const said = (id: string, user: string, at?: number): Message => ({ id, content: id, user, role: "user", ...(at === undefined ? {} : { at }) });
const rowsWith = (...messages: Message[]) => rowsOf(talk.withHistory(talk.NOTHING, messages), context);
const onlyMessages = (rows: Row[]) => rows.filter((row): row is MessageRow => row.kind === "message");
const shape = (rows: Row[]) => onlyMessages(rows).map((row) => `${row.first ? "(" : "-"}${row.key}${row.last ? ")" : "-"}`).join(" ");

test("messages of one author in a row form a run", () => {
  assert.equal(shape(rowsWith(said("a", "Maya", 1), said("b", "Maya", 2), said("c", "Tomás", 3))), "(a- -b) (c)");
});

test("a pause ends a run", () => {
  assert.equal(shape(rowsWith(said("a", "Maya", 0), said("b", "Maya", 6 * MINUTE))), "(a) (b)");
});

test("an author and somebody else under the same name are two runs", () => {
  assert.equal(shape(rowsWith(said("a", "Maya", 1), said("mine-b", "Maya", 2))), "(a) (mine-b)");
});

test("a separator stands before the first message of every day", () => {
  const rows = rowsWith(said("a", "Maya", 1), said("b", "Maya", 86_400_001), said("c", "Maya", 86_400_002));
  assert.deepEqual(rows.map((row) => row.kind), ["day", "message", "day", "message", "message"]);
  assert.equal(shape(rows), "(a) (b- -c)");
});

test("messages without a time have no days and still form runs", () => {
  const rows = rowsWith(said("a", "Maya"), said("b", "Maya"));
  assert.equal(rows.length, 2);
  assert.equal(shape(rows), "(a- -b)");
});

test("what is on its way stands last and says so, with the reason if it was refused", () => {
  const draft = (id: string) => ({ id, content: id, user: "Maya", role: "user" as const });
  const sending = talk.withDraft(talk.withDraft(talk.withHistory(talk.NOTHING, [said("a", "Tomás", 1)]), draft("x"), 2), draft("y"), 3);
  const rows = onlyMessages(rowsOf(talk.withFailure(sending, "x", "No."), context));
  assert.deepEqual(rows.map((row) => [row.key, row.state, row.mine]), [["a", "sent", false], ["x", "failed", true], ["y", "sending", true]]);
  assert.equal(rows[1]?.failure, "No.");
});

test("a gap is marked before the message it precedes, and ends a run", () => {
  const seq = (n: number): Message => ({ ...said(`m${n}`, "Maya", n), seq: n });
  const rows = rowsOf(talk.withHistory(talk.withHistory(talk.NOTHING, [seq(1)]), [seq(5)]), context);
  assert.deepEqual(rows.map((row) => row.kind), ["day", "message", "gap", "message"]);
  assert.equal(shape(rows), "(m1) (m5)");
});

test("every row has a key of its own", () => {
  const keys = rowsWith(said("a", "Maya", 1), said("b", "Maya", 86_400_001)).map((row) => row.key);
  assert.equal(new Set(keys).size, keys.length);
});
