// The names that can be mentioned in a room.
import assert from "node:assert/strict";
import { test } from "node:test";
import { source, type Me, type Presence } from "party-client";
import { displayName } from "../identity.ts";
import { followNames, mentionsIn } from "../known-names.ts";
import type { Profile } from "../protocol.ts";
import type { ChatRoom, Message } from "../room-types.ts";

const present = (names: Record<string, string>): Presence<Profile> => ({
  count: 1,
  members: new Map(Object.entries(names).map(([member, name]) => [member, { member, data: { name, role: "member" } }])),
});
const said = (author: string, user: string): Message => ({ id: user, seq: 1, author, at: 1, body: { content: "", user, role: "user" } });
const logOf = (...items: Message[]) => ({ loaded: true, items, older: false, loading: false, resets: 0 });

function visit() {
  const log = source<ChatRoom["log"]["value"]>(logOf());
  const [presence, you] = [source<Presence<Profile>>(present({})), source<Me | undefined>(undefined)];
  const session = { room: { log, presence, you } };
  const found = (text: string) => mentionsIn(session).value.find(text).map(({ from, to, me }) => text.slice(from, to) + (me ? " (me)" : ""));
  return { session, log, presence, you, found };
}

test("members, authors and the reader are known, also those who were there before", () => {
  const { session, log, presence, found } = visit();
  presence.value = present({ a: "Ada" });
  log.value = logOf(said("b", "Bob"));
  displayName.value = "Grace";
  assert.deepEqual(found("@Ada @Bob @Grace @Cy"), ["@Ada", "@Bob", "@Grace (me)"]);
  const stop = followNames(session);
  presence.value = present({ a: "Ada", c: "Cy" });
  assert.deepEqual(found("@Cy"), ["@Cy"]);
  stop();
});

test("names stay known when somebody leaves or takes another one", () => {
  const { session, presence, you, found } = visit();
  const stop = followNames(session);
  presence.value = present({ a: "Ada", me: "Grace" });
  you.value = { member: "me", role: "member" };
  presence.value = present({ me: "Hopper" });
  displayName.value = "Hopper";
  assert.deepEqual(found("@Ada @Grace @Hopper"), ["@Ada", "@Grace (me)", "@Hopper (me)"]);
  presence.value = present({ me: "Hopper", b: "Grace" });
  assert.deepEqual(found("@Grace @Hopper"), ["@Grace", "@Hopper (me)"]);
  stop();
});

test("nothing changes where no name is new", () => {
  const { session, log, presence } = visit();
  const stop = followNames(session);
  log.value = logOf(said("b", "Bob"));
  const before = mentionsIn(session).value;
  log.value = logOf(said("b", "Bob"), said("b", "Bob"));
  presence.value = present({ b: "Bob" });
  session.room.you.value = undefined;
  assert.equal(mentionsIn(session).value, before);
  stop();
});

test("after it is stopped nothing is followed", () => {
  const { session, log } = visit();
  followNames(session)();
  const before = mentionsIn(session).value;
  log.value = logOf(said("b", "Bob"));
  displayName.value = "Somebody";
  assert.equal(mentionsIn(session).value, before);
});
