// What becomes of items, unsent operations and own votes on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { board, type Card } from "../cards.ts";
import type { BoardItem, BoardOutbox, BoardPending } from "../room-types.ts";

const item = (seq: number, votes: number, answered = false): BoardItem => ({
  id: `id ${seq}`,
  seq,
  author: "ada",
  at: 0,
  body: { text: `question ${seq}`, by: "Ada", votes, answered },
});

const command = (what: "upvote" | "answer", question: number, error?: BoardPending["error"]): BoardPending => ({
  frame: { type: "command", id: `${what} ${question}`, data: { do: what, question } },
  at: 0,
  ...(error ? { error } : {}),
});

const FORBIDDEN = { code: "forbidden", message: "your role does not allow that" };

function cards(items: BoardItem[], outbox: BoardOutbox = [], own: number[] = [], here: number[] = []) {
  return board(items, outbox, "bob", new Set(own), new Set([...own, ...here]));
}

const seqs = (cards: Card[]) => cards.map(({ seq }) => seq);

test("questions are sorted by votes, older ones first, and answered ones are apart", () => {
  const { open, answered } = cards([item(1, 0), item(2, 3), item(3, 3), item(4, 9, true), item(5, 1)]);
  assert.deepEqual([seqs(open), seqs(answered)], [[2, 3, 5, 1], [4]]);
});

test("a removed question is not shown", () => {
  const { body: _, ...removed } = item(1, 4);
  assert.deepEqual(seqs(cards([removed, item(2, 0)]).open), [2]);
});

test("a question that is not acknowledged is last, is the member's own and cannot be voted for", () => {
  const { seq: _, author: _author, ...unsent } = item(9, 0);
  const append: BoardPending = { frame: { type: "append", id: unsent.id, body: { text: "question 9" } }, at: 0 };
  const { open } = cards([unsent, item(1, 0)], [append]);
  assert.deepEqual(seqs(open), [1, undefined]);
  assert.deepEqual([open[0]?.mine, open[1]?.mine, open[1]?.waiting, open[1]?.voted], [false, true, true, false]);
});

test("a vote counts as soon as it is written, and stays counted while the room's own list is late", () => {
  const [written] = cards([item(1, 2)], [command("upvote", 1)], [], [1]).open;
  assert.deepEqual([written?.votes, written?.voted, written?.waiting], [3, true, true]);
  const [counted] = cards([item(1, 3)], [], [], [1]).open;
  assert.deepEqual([counted?.votes, counted?.voted, counted?.waiting], [3, true, false]);
});

test("a vote that another device has sent before is not counted again", () => {
  const [card] = cards([item(1, 3)], [command("upvote", 1)], [1]).open;
  assert.equal(card?.votes, 3);
});

test("a refused vote is not counted, and is shown at its question", () => {
  const [card] = cards([item(1, 2)], [command("upvote", 1, FORBIDDEN)]).open;
  assert.deepEqual([card?.votes, card?.voted, card?.waiting, card?.refused.length], [2, false, false, 1]);
});

test("a question is shown as answered while that is on its way, and no more when it is refused", () => {
  assert.deepEqual(seqs(cards([item(1, 0)], [command("answer", 1)]).answered), [1]);
  assert.deepEqual(seqs(cards([item(1, 0)], [command("answer", 1, FORBIDDEN)]).open), [1]);
});
