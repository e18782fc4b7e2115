// Which member has deleted messages, in a sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "party-client";
import { deletedText } from "../deleted-text.ts";
import type { Message } from "../room-types.ts";
import type { DeletedRow } from "../rows.ts";

type Visit = Parameters<typeof deletedText>[0];

const written = (author: string, user: string): Message => ({ id: user, seq: 1, author, at: 1, body: { content: "x", user, role: "user" } });
const members = new Map([["ada", { member: "ada", data: { name: "Ada", role: "moderator" } }]]);
const presence = source({ count: 1, members });
const visit = {
  room: {
    you: source({ member: "me", role: "member" }),
    presence,
    log: source({ items: [written("bob", "Bob"), written("eve", "Eve\u202e")] }),
  },
} as unknown as Visit;

const row = (by: string | undefined, more: Partial<DeletedRow> = {}): DeletedRow => {
  return { kind: "deleted", key: "k", count: 1, pending: false, by, byAuthor: false, mine: false, ...more };
};
const text = (...args: Parameters<typeof row>) => deletedText(visit, row(...args))?.replace(/[\u2068\u2069]/g, "");

test("a deletion names its author, and whether that is a moderator", () => {
  assert.equal(text("bob", { byAuthor: true }), "Bob deleted this message");
  assert.equal(text("ada"), "Ada (moderator) deleted this message");
  assert.equal(text("ada", { count: 3 }), "Ada (moderator) deleted 3 messages");
});

test("the author of a message reads that it was theirs", () => {
  assert.equal(text("ada", { mine: true }), "Ada (moderator) deleted your message");
  assert.equal(text("ada", { mine: true, count: 2 }), "Ada (moderator) deleted 2 of your messages");
  assert.equal(text("me", { mine: true, byAuthor: true }), "You deleted this message");
  assert.equal(text("me", { count: 2 }), "You deleted 2 messages");
});

test("a member whose name nobody here knows is the author, a moderator or an operator", () => {
  assert.equal(text("cy", { byAuthor: true }), "The author deleted this message");
  assert.equal(text("cy"), "A moderator deleted this message");
  assert.equal(text("operator"), "An operator deleted this message");
});

test("a name that was known stays known when its member leaves", () => {
  assert.equal(text("ada"), "Ada (moderator) deleted this message");
  presence.value = { count: 0, members: new Map() };
  assert.equal(text("ada"), "Ada (moderator) deleted this message");
});

test("nothing is said where nobody knows who it was", () => {
  assert.equal(text(undefined), undefined);
  assert.equal(text(""), undefined);
});

test("a name cannot turn the sentence around", () => {
  assert.equal(deletedText(visit, row("eve", { byAuthor: true })), "\u2068Eve\u2069 deleted this message");
});
