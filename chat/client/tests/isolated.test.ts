// People's texts among words of ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isolated } from "../isolated.ts";
import { actionsOn } from "../moderation.ts";
import { nameOf, roomIn, roomTitle } from "../room-address.ts";
import { typingText } from "../roster.ts";
import { tabTitle } from "../tab-title.ts";

const EVIL = "Eve\u2069\u202e\u2067\u061c";

test("a name in a sentence is isolated, and cannot end that itself", () => {
  assert.equal(isolated("Ada"), "\u2068Ada\u2069");
  assert.equal(isolated(EVIL), "\u2068Eve\u2069");
});

test("every sentence that names somebody isolates the name", () => {
  const here = { name: EVIL, role: "member", mutedUntil: 2 } as const;
  const actions = [undefined, here, { ...here, role: "moderator" } as const].flatMap((profile) => actionsOn(EVIL, profile, 1));
  const sentences = actions.flatMap(({ done, warning = done }) => [done, warning]);
  const signals = [{ from: "eve", kind: "typing", until: 1 }];
  sentences.push(typingText(signals, { count: 1, members: new Map([["eve", { member: "eve", data: here }]]) }, "me"));
  for (const sentence of sentences) {
    assert.match(sentence, /\u2068Eve\u2069/);
    assert.doesNotMatch(sentence.replaceAll("\u2068Eve\u2069", ""), /[\u061c\u202a-\u202e\u2066-\u2069]/);
  }
});

test("the title of the tab isolates the room's name", () => {
  assert.equal(tabTitle("den", ""), "\u2068den\u2069 · Party chat");
  assert.equal(tabTitle("den", "3"), "(3) \u2068den\u2069 · Party chat");
  assert.equal(roomTitle(encodeURIComponent(EVIL)), "Eve");
});

test("a segment of the address is read as the room's name, and one that no room can have names none", () => {
  assert.equal(nameOf("caf%C3%A9%2Fbar"), "caf\u00e9/bar");
  assert.equal(nameOf("100%"), "100%");
  assert.equal(roomIn(`/${"a".repeat(1024)}`)?.length, 1024);
  assert.equal(roomIn(`/${"a".repeat(1025)}`), undefined);
});
