import assert from "node:assert/strict";
import { test } from "node:test";
import { source } from "party-client";
import { ownReactions, reactionsOn } from "../reactions.ts";
import type { ChatRoom, Message } from "../room-types.ts";

type Own = [seq: number, emoji: string][];

const reaction = (emoji: string, count: number, ...names: string[]) => ({ emoji, count, names });
const message = (edited: number | undefined, ...reactions: ReturnType<typeof reaction>[]): Message => ({
  id: "m",
  seq: 7,
  author: "maya",
  at: 0,
  ...(edited === undefined ? {} : { edited }),
  body: { content: "hello", user: "Maya", role: "user", reactions },
});

/** A room that answers commands when it is told to. */
function fakeRoom() {
  const own = source<Own | null | undefined>(undefined);
  const outbox = source<{ frame: { type: "command"; id: string; data: unknown }; at: number }[]>([]);
  const answers: { accept(): void; refuse(message: string): void }[] = [];
  const settle = (id: string) => (outbox.value = outbox.value.filter(({ frame }) => frame.id !== id));
  const room = {
    own,
    outbox,
    discard: settle,
    command(data: unknown) {
      const id = `${answers.length}`;
      outbox.value = [...outbox.value, { frame: { type: "command", id, data }, at: 0 }];
      const done = new Promise<object>((accept, refuse) => {
        answers.push({ accept: () => (settle(id), accept({})), refuse: (text) => refuse(new Error(text)) });
      });
      return { id, done };
    },
  };
  return { room: room as unknown as ChatRoom, own, answers };
}

const shown = (of: ReturnType<typeof reactionsOn>) => of.map(({ emoji, count, own }) => `${emoji}${count}${own ? "!" : ""}`).join(" ");
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("an own reaction shows at once, and counts once when the room shows it", async () => {
  const { room, own, answers } = fakeRoom();
  const reactions = ownReactions(room, assert.fail);
  const before = message(undefined, reaction("👍", 2, "Ada", "Bob"));
  const view = (item: Message) => shown(reactionsOn(item, reactions.own.value));
  assert.equal(view(before), "👍2");
  reactions.toggle(before, "👍");
  reactions.toggle(before, "🎉");
  assert.equal(view(before), "👍3! 🎉1!");
  for (const { accept } of answers) accept();
  await settled();
  own.value = [[7, "👍"], [7, "🎉"]];
  assert.equal(view(before), "👍3! 🎉1!");
  assert.equal(view(message(9, reaction("👍", 3), reaction("🎉", 1))), "👍3! 🎉1!");
});

test("a reaction that is taken back goes at once", async () => {
  const { room, own, answers } = fakeRoom();
  const reactions = ownReactions(room, assert.fail);
  own.value = [[7, "👍"]];
  const before = message(4, reaction("👍", 1, "Me"));
  const view = (item: Message) => shown(reactionsOn(item, reactions.own.value));
  assert.equal(view(before), "👍1!");
  reactions.toggle(before, "👍");
  assert.equal(view(before), "");
  answers[0]?.accept();
  await settled();
  assert.equal(view(before), "");
  own.value = null;
  assert.equal(view(message(5)), "");
});

test("another device that takes a reaction back later has the last word", async () => {
  const { room, own, answers } = fakeRoom();
  const reactions = ownReactions(room, assert.fail);
  reactions.toggle(message(undefined), "👍");
  answers[0]?.accept();
  await settled();
  own.value = [[7, "👍"]];
  own.value = null; // On the phone.
  const after = message(6);
  assert.equal(shown(reactionsOn(after, reactions.own.value)), "");
  reactions.toggle(after, "👍");
  assert.equal(shown(reactionsOn(after, reactions.own.value)), "👍1!");
});

test("a reaction that the room refuses goes, with the room's reason", async () => {
  const { room, answers } = fakeRoom();
  const reasons: string[] = [];
  const reactions = ownReactions(room, ({ message }) => reasons.push(message));
  reactions.toggle(message(undefined), "👍");
  answers[0]?.refuse("a moderator muted you");
  await settled();
  assert.equal(shown(reactionsOn(message(undefined), reactions.own.value)), "");
  assert.deepEqual(reasons, ["a moderator muted you"]);
});
