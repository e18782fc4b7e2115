// The ways of an operation: shown, sent, sent again, acknowledged, refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RoomError } from "../src/index.ts";
import { pass } from "./fake-socket.ts";
import { enter, entry, item, shown } from "./visit.ts";

type Visit = Awaited<ReturnType<typeof enter>>;

const text = (content: string) => ({ content });
const refusal = (id: string | undefined, code: string, retryAfter?: number) => ({
  type: "error",
  code,
  message: `it is ${code}`,
  ...(id === undefined ? {} : { id }),
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

/** Returns the texts of the frames that the room has received. */
async function heard(visit: Visit): Promise<string> {
  return (await visit.heard()).map(({ type, body }) => (body as { content: string } | undefined)?.content ?? type).join(" ");
}

async function come(visit: Visit, ...entries: ReturnType<typeof item>[]): Promise<void> {
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ recovered: true, entries, head: entries.at(-1)?.seq ?? 0 });
}

test("a new message is shown at once, sent, and settled by its own entry", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send(text("hello"));
  assert.equal(shown(visit.room), "hello?");
  assert.equal(visit.room.log.value.items[0]?.author, "me");
  assert.deepEqual(await visit.heard(), [{ type: "append", id, body: text("hello") }]);
  visit.peer.say(entry(1, { id, author: "me", body: text("hello") }));
  assert.deepEqual(await done, { seq: 1 });
  assert.equal(shown(visit.room), "hello");
  assert.equal(visit.room.log.value.items[0]?.id, id);
  assert.deepEqual(visit.room.outbox.value, []);
});

test("a message that was in the log already is acknowledged by an ack", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send(text("hello"));
  visit.peer.say({ type: "ack", id, seq: 7 });
  assert.deepEqual(await done, { seq: 7 });
  assert.equal(shown(visit.room), "");
});

test("a frame that makes the room close the connection is found among those sent with it, and refused", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const sent = ["one", "huge", "two"].map((content) => visit.room.send(text(content)));
  let seq = 0;
  for (let round = 0; round < 12 && visit.room.outbox.value.some(({ error }) => !error); round++) {
    const frames = (await visit.heard()).filter(({ type }) => type === "append");
    if (frames.some(({ body }) => (body as { content: string }).content === "huge")) {
      visit.peer.end(1009);
      await pass(60_000);
      visit.welcome({ recovered: true, entries: [], head: seq });
    } else for (const { id, body } of frames) visit.peer.say(entry(++seq, { id: String(id), author: "me", body: body as { content: string } }));
  }
  assert.deepEqual(await Promise.all([sent[0]?.done, sent[2]?.done]), [{ seq: 1 }, { seq: 2 }]);
  await assert.rejects(sent[1]?.done ?? Promise.resolve(), { code: "too_large" });
});

test("a message found in the log after a lost connection is acknowledged by that, and not sent again", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [one, two] = [visit.room.send(text("one")), visit.room.send(text("two"))];
  await come(visit, item(1, { id: one.id, body: text("one") }));
  assert.deepEqual(await one.done, { seq: 1 });
  assert.equal(shown(visit.room), "one, two?");
  assert.equal(await heard(visit), "two");
  visit.peer.say(entry(2, { id: two.id }));
  assert.deepEqual(await two.done, { seq: 2 });
});

test("messages that were not acknowledged are sent again after each welcome, in order, and only then", async (context) => {
  const visit = await enter(context);
  for (const word of ["one", "two", "three"]) visit.room.send(text(word));
  visit.peer.open();
  assert.equal(await heard(visit), "");
  visit.welcome();
  assert.equal(await heard(visit), "one two three");
  await come(visit);
  assert.equal(await heard(visit), "one two three");
  assert.equal(shown(visit.room), "one?, two?, three?");
});

test("an edit and a deletion are seen on their items before the room has answered", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1), item(2)] });
  const edit = visit.room.edit(1, text("edit"));
  const deletion = visit.room.delete(2);
  assert.equal(shown(visit.room), "edit?, -?");
  assert.deepEqual(await visit.heard(), [
    { type: "edit", id: edit.id, target: 1, body: text("edit") },
    { type: "delete", id: deletion.id, target: 2 },
  ]);
  visit.peer.say(entry(3, { id: edit.id, target: 1, body: text("edit") }), { ...entry(4, { id: deletion.id, target: 2 }), body: undefined });
  assert.equal(shown(visit.room), "edit*, -*");
  assert.deepEqual(await deletion.done, { seq: 4 });
});

test("a change of an item that is not loaded is sent anyway", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)], older: true });
  visit.room.edit(1, text("edit"));
  assert.equal(shown(visit.room), "text 5");
  assert.equal(await heard(visit), "edit");
});

test("a refused message is kept with its error, and holds up nothing", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1)] });
  const [one, edit, two] = [visit.room.send(text("one")), visit.room.edit(1, text("edit")), visit.room.send(text("two"))];
  await visit.heard();
  visit.peer.say(refusal(one.id, "muted"), refusal(edit.id, "forbidden"), entry(2, { id: two.id, body: text("two") }));
  await assert.rejects(one.done, (error: RoomError) => error instanceof RoomError && error.code === "muted" && error.message === "it is muted");
  await assert.rejects(edit.done, { code: "forbidden" });
  assert.equal(shown(visit.room), "text 1!, two, one!");
  assert.deepEqual(visit.room.outbox.value.map(({ error }) => error?.code), ["muted", "forbidden"]);
  await come(visit);
  assert.equal(await heard(visit), "");
});

test("a refused message can be tried again, or discarded", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [one, two] = [visit.room.send(text("one")), visit.room.send(text("two"))];
  await visit.heard();
  visit.peer.say(refusal(one.id, "muted"), refusal(two.id, "muted"));
  visit.room.discard(two.id);
  const again = visit.room.retry(one.id);
  assert.equal(again.id, one.id);
  assert.equal(shown(visit.room), "one?");
  assert.equal(await heard(visit), "one");
  visit.peer.say(entry(1, { id: one.id, body: text("one") }));
  assert.deepEqual(await again.done, { seq: 1 });
  assert.deepEqual(visit.room.outbox.value, []);
});

test("a message discarded before the room has answered is given up", async (context) => {
  const visit = await enter(context);
  const { id, done } = visit.room.send(text("one"));
  visit.room.discard(id);
  await assert.rejects(done, { code: "discarded" });
  visit.welcome();
  assert.equal(await heard(visit), "");
  assert.equal(shown(visit.room), "");
});

test("a message that the room wants later is sent later, and those behind it wait", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id } = visit.room.send(text("one"));
  assert.equal(await heard(visit), "one");
  visit.peer.say(refusal(id, "slow_down", 1_500));
  visit.room.send(text("two"));
  await pass(1_490);
  assert.equal(visit.peer.texts.length, 0);
  assert.equal(shown(visit.room), "one?, two?");
  await pass(5);
  assert.equal(await heard(visit), "one");
  visit.peer.say(entry(1, { id, body: text("one") }));
  assert.equal(await heard(visit), "two");
});

test("nothing overtakes what the room refuses again and again, over a lost connection too", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [one, two, three] = [visit.room.send(text("one")), visit.room.send(text("two")), visit.room.command("three")];
  assert.equal(await heard(visit), "one two command");
  visit.peer.say(refusal(two.id, "slow_down", 500), refusal(three.id, "slow_down", 500));
  for (let times = 0; times < 3; times++) {
    visit.peer.say(refusal(one.id, "slow_down", 500));
    visit.room.send(text("four"));
    await pass(500);
    assert.equal(await heard(visit), "one");
  }
  await come(visit);
  await pass(500);
  assert.equal(await heard(visit), "one");
  visit.peer.say(entry(1, { id: one.id, body: text("one") }));
  assert.equal(await heard(visit), "two command");
});

test("a delayed message holds up nothing once the room refuses it permanently, or it is discarded", async (context) => {
  for (const discarded of [false, true]) {
    await context.test(discarded ? "discarded" : "refused", async (context) => {
      const visit = await enter(context);
      visit.welcome();
      const [one, two] = [visit.room.send(text("one")), visit.room.send(text("two"))];
      await visit.heard();
      visit.peer.say(refusal(two.id, "slow_down", 500), refusal(one.id, "slow_down", 500));
      await pass(500);
      assert.equal(await heard(visit), "one");
      if (discarded) visit.room.discard(one.id);
      else visit.peer.say(refusal(one.id, "muted"));
      assert.equal(await heard(visit), "two");
    });
  }
});

test("frames gathered but not yet sent when the room refuses an earlier one are held back", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [one] = ["one", "two", "three"].map((word) => visit.room.send(text(word)));
  assert.ok(one);
  visit.room.signal("typing");
  visit.peer.say(refusal(one.id, "slow_down", 500));
  assert.equal(await heard(visit), "one ephemeral");
  await pass(500);
  assert.equal(await heard(visit), "one");
  visit.peer.say(entry(1, { id: one.id, body: text("one") }));
  assert.equal(await heard(visit), "two three");
});

test("a room whose limit lets later frames through gets a member's messages in their order, whichever it refuses", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const words = Array.from({ length: 30 }, (_, index) => `${index}`);
  const pending = new Set<string>();
  let seq = 0;
  for (let turn = 0; turn < 1_000 && (turn < 30 || visit.room.outbox.value.length); turn++) {
    const word = words[turn];
    if (word !== undefined) visit.room.send(text(word));
    for (const { id, body } of await visit.heard()) {
      // Every third frame is refused. A later one of the same member is refused as well, as long as the first one is
      // away.
      const waits = pending.size > 0 && !pending.has(String(id));
      if (waits || (turn * 7 + seq) % 3 === 0) {
        if (!waits) pending.add(String(id));
        visit.peer.say(refusal(String(id), "slow_down", 40));
      } else {
        pending.delete(String(id));
        visit.peer.say(entry(++seq, { id: String(id), author: "me", body: body as { content: string } }));
      }
    }
    await pass(20);
  }
  assert.equal(shown(visit.room), words.join(", "));
});

test("the longest of several times is the one that is kept", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [one, two] = [visit.room.send(text("one")), visit.room.send(text("two"))];
  await visit.heard();
  visit.peer.say(refusal(one.id, "slow_down", 3_000));
  visit.peer.say(refusal(two.id, "slow_down", 1_000));
  await pass(2_900);
  assert.equal(visit.peer.texts.length, 0);
  await pass(200);
  assert.equal(visit.peer.texts.length, 1);
});

test("few are under way at a time, fewer after it was too much, and more with each that is taken", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const sent = Array.from({ length: 40 }, (_, index) => visit.room.send(text(`${index}`)));
  const words = async () => (await heard(visit)).split(" ").filter(Boolean);
  assert.equal((await words()).length, 16);
  visit.peer.say(...sent.slice(0, 16).map(({ id }) => refusal(id, "slow_down", 100)));
  await pass(100);
  assert.deepEqual(await words(), ["0"]);
  let seq = 0;
  const take = (count: number) => {
    visit.peer.say(...sent.slice(seq, seq + count).map(({ id }) => entry(++seq, { id })));
  };
  take(1);
  assert.deepEqual(await words(), ["1", "2"]);
  take(2);
  assert.deepEqual(await words(), ["3", "4", "5", "6"]);
  while (seq < 40) {
    take(1);
    await pass(5);
  }
  assert.deepEqual(visit.room.outbox.value, []);
});

test("an error with an id is about that frame alone, and the others of its array are not sent again", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.send(text("zero"));
  const bad = visit.room.send(text("bad"));
  visit.room.send(text("good"));
  assert.equal(await heard(visit), "zero bad good");
  visit.peer.say(refusal(bad.id, "invalid"));
  assert.equal(await heard(visit), "");
  assert.equal(shown(visit.room), "zero?, bad!, good?");
  await assert.rejects(bad.done, { code: "invalid" });
});

test("a frame in a text that the room cannot read is found by sending fewer", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const sent = ["a", "b", "huge", "c"].map((word) => visit.room.send(text(word)));
  let seq = 0;
  // A room that takes nothing of what comes together with something too large, and cannot say what that was.
  for (let turn = 0; turn < 40; turn++) {
    await pass(5);
    for (const message of visit.peer.texts.splice(0)) {
      const frames = [JSON.parse(message)].flat() as { id: string; body: { content: string } }[];
      if (frames.some(({ body }) => body.content === "huge")) visit.peer.say(refusal(undefined, "too_long"));
      else visit.peer.say(...frames.map(({ id, body }) => entry(++seq, { id, body })));
    }
  }
  await assert.rejects(sent[2]?.done ?? Promise.resolve(), { code: "too_long" });
  assert.equal(shown(visit.room), "a, b, c, huge!");
  assert.equal(visit.peers.length, 1);
});

test("an entry that is not answered in ten seconds makes the line count as dead", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.send(text("one"));
  await pass(6_000);
  visit.peer.say({ type: "presence", count: 1 });
  await pass(3_999);
  assert.equal(visit.peers.length, 1);
  await pass(1);
  assert.equal(visit.peers.length, 2);
  visit.welcome();
  assert.equal(await heard(visit), "one");
});

test("a long outbox that is answered bit by bit is not a dead line", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const sent = Array.from({ length: 8 }, (_, index) => visit.room.send(text(`${index}`)));
  for (const [index, { id }] of sent.entries()) {
    await pass(6_000);
    visit.peer.say(entry(index + 1, { id }));
  }
  assert.equal(visit.peers.length, 1);
  await pass(9_000);
  visit.peer.sayText("pong");
  await pass(9_000);
  assert.equal(visit.peers.length, 1);
});

test("frames of one moment go as one array, the first of them at once", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  for (const word of ["one", "two", "three"]) visit.room.send(text(word));
  assert.equal(visit.peer.texts.length, 1);
  await pass(5);
  const arrays = visit.peer.texts.map((message) => JSON.parse(message) as unknown);
  assert.equal(Array.isArray(arrays[0]), false);
  assert.equal((arrays[1] as unknown[]).length, 2);
});

test("a client that does not batch sends each frame alone", async (context) => {
  const visit = await enter(context, { batch: false });
  visit.room.send(text("one"));
  visit.room.send(text("two"));
  visit.welcome();
  assert.deepEqual(visit.peer.texts.map((message) => (JSON.parse(message) as { type: string }).type), ["append", "append"]);
});

test("a thousand unsent entries are enough", async (context) => {
  const visit = await enter(context);
  for (let index = 0; index < 1_000; index++) visit.room.send(text("x"));
  assert.throws(() => visit.room.send(text("one more")), { code: "outbox_full" });
  assert.equal(visit.room.outbox.value.length, 1_000);
});

test("a promise that nobody looks at does no harm when it is rejected", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id } = visit.room.send(text("one"));
  visit.peer.say(refusal(id, "muted"));
  await pass(0); // Node would end the test with an unhandled rejection.
});

test("a room that takes ten frames a second and wastes what it refuses still gets everything, in order", async (context) => {
  const visit = await enter(context, { presence: { name: "Ada" } });
  visit.welcome({ entries: [item(1)], older: true });
  let [tokens, seq, names, pages] = [30, 1, 0, 0];
  const take = () => tokens > 0 && tokens-- > 0;
  for (let index = 0; index < 60; index++) visit.room.send(text(`${index}`));
  void visit.room.loadOlder();
  for (let turn = 0; turn < 4_000 && visit.room.outbox.value.length; turn++) {
    await pass(5);
    if (turn % 20 === 0) tokens = Math.min(tokens + 1, 30);
    if (turn % 100 === 0) visit.room.setPresence({ name: `Ada ${turn}` });
    for (const message of visit.peer.texts.splice(0)) {
      if (message === "ping") continue;
      const frames = [JSON.parse(message)].flat() as { type: string; id?: string; body?: { content: string } }[];
      // It counts each frame of an array, and refuses all of them when it has to refuse one.
      const taken = frames.every(take);
      for (const { type, id, body } of frames) {
        if (!taken) visit.peer.say(refusal(id, "slow_down", 100));
        else if (type === "presence") (names++, visit.peer.say({ type: "ack", id }));
        else if (type === "history") visit.peer.say({ type: "page", id, before: 1, entries: [], more: pages++ > 0 });
        else visit.peer.say(entry(++seq, { ...(id && { id }), ...(body && { body }) }));
      }
    }
  }
  assert.deepEqual(visit.room.outbox.value, []);
  assert.equal(shown(visit.room), ["text 1", ...Array.from({ length: 60 }, (_, index) => index)].join(", "));
  assert.equal(visit.room.log.value.loading, false);
  assert.ok(names > 0);
  assert.equal(visit.room.notice.value, undefined);
  assert.equal(visit.peers.length, 1);
});
