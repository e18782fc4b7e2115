// The mentions of the reader among what is new.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mentionsReader, mentionText, newMentions, newMessages } from "../mention-count.ts";
import type { Message } from "../room-types.ts";
import { tabTitle } from "../tab-title.ts";
import { mentionsOfPeople } from "./mention-names.ts";

const PEOPLE = mentionsOfPeople("Ada");
let seq = 0;
const said = (content: string, author = "ada"): Message => ({ id: `${++seq}`, seq, author, at: 1, body: { content, user: author, role: "user" } });

test("a message mentions the reader in words, quotes and lists, but not in code", () => {
  for (const text of ["@Me", "so, **@me**!", "> @Me", "- a\n- @Me", "`x` @Me"]) assert.equal(mentionsReader(text, PEOPLE), true, text);
  for (const text of ["", "Me", "@Ada", "`@Me`", "```\n@Me\n```", "a@me", "https://a.example/@Me"]) assert.equal(mentionsReader(text, PEOPLE), false, text);
});

test("mentions are counted among what others wrote after a place, and up to one", () => {
  const items = [said("@Me"), said("@Me"), said("hello"), said("@Me", "me"), said("@Me and @Ada")];
  const { body: _, ...deleted } = said("@Me");
  const sending: Message = { id: "p", at: 1, body: { content: "@Me", user: "Me", role: "user" } };
  const all = [...items, deleted, sending];
  assert.equal(newMentions(all, { after: 1 }, "me", PEOPLE), 2);
  assert.equal(newMentions(all, { after: 1, upTo: 4 }, "me", PEOPLE), 1);
  assert.equal(newMentions(all, { after: 5 }, "me", PEOPLE), 0);
});

test("the words for mentions are short, and there are none for none", () => {
  assert.deepEqual([mentionText(0), mentionText(0, true), mentionText(1), mentionText(2), mentionText(1, true)], ["", "", "1 mentions you", "2 mention you", "1+ mention you"]);
  assert.equal(newMessages("1", ""), "1 new message");
  assert.equal(newMessages("3", "1 mentions you"), "3 new messages, 1 mentions you");
});

test("the title counts mentions apart", () => {
  assert.equal(tabTitle("den", "3", ""), "(3) \u2068den\u2069 · Party chat");
  assert.equal(tabTitle("den", "3", "1 mentions you"), "(3 new, 1 mentions you) \u2068den\u2069 · Party chat");
  assert.equal(tabTitle("den", "", ""), "\u2068den\u2069 · Party chat");
});
