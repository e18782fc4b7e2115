// What happens to messages on their way: history, echoes, refusals and lines that break.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as talk from "../conversation.ts";
import type { Draft, Message } from "../protocol.ts";

const draft = (id: string): Draft => ({ id, content: `text of ${id}`, user: "Maya", role: "user" });
const message = (id: string, seq?: number): Message => (seq === undefined ? draft(id) : { ...draft(id), seq, at: 1000 + seq });
const ids = (conversation: talk.Conversation) => conversation.settled.map(({ id }) => id).join(" ");
const page = (...seqs: number[]) => seqs.map((seq) => message(`m${seq}`, seq));

test("a message is settled when its echo comes", () => {
  const sent = talk.withDraft(talk.NOTHING, draft("a"), 1);
  const settled = talk.withMessage(sent, message("a", 1));
  assert.equal(ids(settled), "a");
  assert.deepEqual(settled.outbox, []);
});

test("an unsent message survives the history that arrives after a reconnect", () => {
  const written = talk.withDraft(talk.withHistory(talk.NOTHING, page(1)), draft("mine"), 1);
  const back = talk.withHistory(written, page(1, 2));
  assert.equal(ids(back), "m1 m2");
  assert.deepEqual(talk.unsent(back), [draft("mine")]);
});

test("a message whose echo was lost with the connection is settled by the history and not sent again", () => {
  const written = talk.withDraft(talk.NOTHING, draft("m2"), 1);
  const back = talk.withHistory(written, page(1, 2));
  assert.deepEqual(talk.unsent(back), []);
  assert.deepEqual(back.outbox, []);
});

test("unsent messages are sent again in the order they were written", () => {
  const written = ["a", "b", "c"].reduce((before, id) => talk.withDraft(before, draft(id), 1), talk.NOTHING);
  assert.deepEqual(talk.unsent(written).map(({ id }) => id), ["a", "b", "c"]);
});

test("a history page never takes away older messages that are already loaded", () => {
  const loaded = talk.withHistory(talk.NOTHING, page(1, 2, 3));
  assert.equal(ids(talk.withHistory(loaded, page(3, 4))), "m1 m2 m3 m4");
});

test("messages stand in the order of their seq, whatever the order of their arrival", () => {
  const shuffled = [4, 1, 3, 2].reduce((before, seq) => talk.withMessage(before, message(`m${seq}`, seq)), talk.NOTHING);
  assert.equal(ids(shuffled), "m1 m2 m3 m4");
});

test("messages without a seq stand in the order of their arrival", () => {
  const first = talk.withHistory(talk.NOTHING, [message("a"), message("b")]);
  assert.equal(ids(talk.withHistory(first, [message("a"), message("b"), message("c")])), "a b c");
});

test("the same message twice is one message", () => {
  const once = talk.withMessage(talk.NOTHING, message("a", 1));
  assert.equal(ids(talk.withMessage(once, message("a", 1))), "a");
});

test("an update changes the words and keeps the place", () => {
  const loaded = talk.withHistory(talk.NOTHING, page(1, 2));
  const updated = talk.withUpdate(loaded, { ...message("m1"), content: "better words" });
  assert.equal(ids(updated), "m1 m2");
  assert.equal(updated.settled[0]?.content, "better words");
  assert.equal(updated.settled[0]?.seq, 1);
});

test("an update of a message before our page of history changes nothing", () => {
  const loaded = talk.withHistory(talk.NOTHING, page(5, 6));
  assert.equal(talk.withUpdate(loaded, message("m1", 1)), loaded);
});

test("a refused message keeps its reason and is not sent again by itself", () => {
  const refused = talk.withFailure(talk.withDraft(talk.NOTHING, draft("a"), 7), "a", "Too long.");
  assert.deepEqual(refused.outbox, [{ draft: draft("a"), writtenAt: 7, failure: "Too long." }]);
  assert.deepEqual(talk.unsent(refused), []);
});

test("a refused message can be tried again or given up", () => {
  const refused = talk.withFailure(talk.withDraft(talk.NOTHING, draft("a"), 7), "a", "Too long.");
  assert.deepEqual(talk.unsent(talk.withRetry(refused, "a")), [draft("a")]);
  assert.deepEqual(talk.withoutPending(refused, "a").outbox, []);
});

test("a refusal of what is already settled changes nothing", () => {
  const settled = talk.withMessage(talk.withDraft(talk.NOTHING, draft("a"), 1), message("a", 1));
  assert.deepEqual(talk.withFailure(settled, "a", "Conflict."), settled);
});

test("a history page that does not reach back to what we know leaves a marked gap", () => {
  const loaded = talk.withHistory(talk.NOTHING, page(1, 2));
  assert.deepEqual([...talk.withHistory(loaded, page(8, 9)).gaps], ["m8"]);
});

test("a history page that touches or overlaps what we know leaves no gap", () => {
  const loaded = talk.withHistory(talk.NOTHING, page(1, 2));
  assert.equal(talk.withHistory(loaded, page(3, 4)).gaps.size, 0);
  assert.equal(talk.withHistory(loaded, page(2, 9)).gaps.size, 0);
  assert.equal(talk.withHistory(talk.NOTHING, page(8, 9)).gaps.size, 0);
});

test("the history of an empty room counts as loaded", () => {
  assert.equal(talk.NOTHING.loaded, false);
  assert.equal(talk.withHistory(talk.NOTHING, []).loaded, true);
});
