// Text that comes back into the input.
import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "party-client";
import { noteUpload, type Chosen } from "../chosen.ts";
import type { Draft } from "../drafts.ts";
import type { RoomSession } from "../room-session.ts";
import { takeBack, takeBackAsMessage } from "../take-back.ts";

const append = { type: "append", id: "1", body: { content: "refused" } } as const;
const edit = { type: "edit", id: "2", target: 7, body: { content: "changed" } } as const;
const session = (draft: Draft) => ({ draft: source(draft) }) as RoomSession;

test("a message comes before what is written already, and a change becomes a half-made edit again", () => {
  for (const [text, joined] of [["", "refused"], ["more", "refused\n\nmore"]] as const) {
    const one = session({ text });
    takeBack(one, append);
    assert.equal(one.draft.value.text, joined);
  }
  const other = session({ text: "more" });
  takeBack(other, edit);
  assert.deepEqual(other.draft.value, { text: "more", edit: { seq: 7, text: "changed" } });
});

test("the text of a change whose message is gone becomes a message", () => {
  const one = session({ text: "more" });
  takeBackAsMessage(one, "changed");
  assert.equal(one.draft.value.text, "changed\n\nmore");
});

test("the file of a message comes back with its text, if it was uploaded from this page", () => {
  const chosen = (id: string): Chosen => ({ id, name: `${id}.png`, file: new File(["x"], `${id}.png`) });
  noteUpload("known", chosen("first"));
  const one = session({ text: "", files: [chosen("second")] });
  takeBack(one, { type: "append", id: "1", body: { content: "", file: "known" } });
  assert.deepEqual(one.draft.value.files?.map(({ id }) => id), ["first", "second"]);
  const other = session({ text: "more" });
  takeBack(other, { type: "append", id: "1", body: { content: "the text", file: "unknown" } });
  assert.deepEqual([other.draft.value.text, other.draft.value.files], ["the text\n\nmore", undefined]);
});
