// The additions of an app: drafts that become bodies, commands, its own state, events.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Room, type RoomOptions } from "../src/index.ts";
import { browser } from "./browser.ts";
import { network, pass } from "./fake-socket.ts";
import { stopClock, welcome } from "./visit.ts";

type Ask = { text: string };
type Question = { text: string; votes: number };
type Board = {
  draft: Ask;
  body: Question;
  introduction: { name: string };
  profile: { name: string; role: string };
  command: { upvote: number };
  own: { voted: number[] };
  shared: { topic: string } | null;
  query: { votes: number };
  answer: number;
  event: { confetti: boolean };
};

const question = (seq: number, text = `q${seq}`) => ({ seq, id: `i${seq}`, author: "them", at: seq, body: { text, votes: 3 } });
const preview: NonNullable<RoomOptions<Board>["preview"]> = ({ text }, _me, now) => ({ text, votes: now?.votes ?? 0 });

async function board(context: TestContext, options: Partial<RoomOptions<Board>> = {}) {
  stopClock(context);
  const { peers, WebSocket } = network();
  const room = new Room<Board>({ host: "host", room: "board", memory: {}, WebSocket, preview, ...options });
  context.after(() => room.close());
  room.connect();
  await pass(0);
  const greet = (fields: object = {}) => {
    peers.at(-1)?.open();
    peers.at(-1)?.say({ ...welcome(), entries: [question(1), question(2)], head: 2, position: "e1.2.2.i2", ...fields });
  };
  const say = (...frames: object[]) => peers.at(-1)?.say(...frames);
  const heard = async () => (await pass(5), peers.at(-1)?.heard() ?? []);
  return { room, peers, greet, say, heard };
}

const shown = (room: Room<Board>) => room.log.value.items.map(({ body, pending }) => `${body?.text} ${body?.votes}${pending ? "?" : ""}`).join(", ");

test("a draft is shown as the app previews it, and sent as it is", async (context) => {
  const { room, greet, heard, say } = await board(context);
  greet();
  const { id } = room.send({ text: "why" });
  const edit = room.edit(1, { text: "how" });
  assert.equal(shown(room), "how 3?, q2 3, why 0?");
  assert.deepEqual((await heard()).map(({ body }) => body), [{ text: "why" }, { text: "how" }]);
  say({ type: "entry", seq: 3, id, author: "me", at: 3, body: { text: "why?", votes: 1 } });
  say({ type: "error", code: "forbidden", message: "no", id: edit.id });
  assert.equal(shown(room), "q1 3?, q2 3, why? 1");
});

test("an edit can be made of the body that is there now", async (context) => {
  const { room, greet, heard } = await board(context);
  greet();
  room.edit(1, ({ text }) => ({ text: `${text}!` }));
  room.edit(1, ({ text }) => ({ text: `${text}!` }));
  assert.deepEqual((await heard()).map(({ body }) => body), [{ text: "q1!" }, { text: "q1!!" }]);
  assert.throws(() => room.edit(7, ({ text }) => ({ text })), { code: "not_found" });
});

test("a command is kept over reloads, sent again until it is answered, and is not an item", async (context) => {
  const { tab } = browser();
  const before = tab();
  const first = await board(context, { memory: before });
  first.greet();
  const { id } = first.room.command({ upvote: 1 });
  const frame = { type: "command", id, data: { upvote: 1 } };
  assert.deepEqual(await first.heard(), [frame]);
  assert.equal(shown(first.room), "q1 3, q2 3");
  first.peers[0]?.end(1006);
  await pass(750);
  first.greet({ recovered: true, entries: [] });
  assert.deepEqual(await first.heard(), [frame]);
  before.gone();
  const { peers, WebSocket } = network();
  const room = new Room<Board>({ host: "host", room: "board", memory: tab(before.session), WebSocket });
  context.after(() => room.close());
  room.connect();
  await pass(0);
  peers[0]?.open();
  peers[0]?.say({ ...welcome(), entries: [question(1)], head: 1 });
  await pass(5);
  assert.deepEqual(peers[0]?.heard(), [frame]);
  assert.deepEqual(room.outbox.value.map((pending) => pending.frame), [frame]);
  peers[0]?.say({ type: "entry", seq: 2, id, author: "", at: 3, target: 1, body: { text: "q1", votes: 4 } });
  assert.equal(room.outbox.value.length, 0);
  assert.equal(shown(room), "q1 4");
});

test("a command is answered by its entry, by an ack with or without a place in the log, or by an error", async (context) => {
  const { room, greet, say, heard } = await board(context);
  greet();
  const [one, two, three, four] = [1, 2, 3, 4].map((upvote) => room.command({ upvote }));
  await heard();
  say({ type: "entry", seq: 3, id: one?.id, author: "", at: 3, target: 1, body: { text: "q1", votes: 4 } });
  say({ type: "ack", id: two?.id, seq: 1 }, { type: "ack", id: three?.id });
  say({ type: "error", code: "already_closed", message: "the vote is closed", id: four?.id });
  assert.deepEqual(await Promise.all([one?.done, two?.done, three?.done]), [{ seq: 3 }, { seq: 1 }, {}]);
  await assert.rejects(four?.done ?? Promise.resolve(), { code: "already_closed" });
  assert.deepEqual(room.outbox.value.map(({ error }) => error?.code), ["already_closed"]);
  room.discard(four?.id ?? "");
});

test("the app's own state comes with the welcome, and whole whenever it changes", async (context) => {
  const { room, greet, say, peers } = await board(context);
  say({ type: "own", data: { voted: [9] } });
  assert.equal(room.own.value, undefined);
  greet({ own: { voted: [1] } });
  assert.deepEqual(room.own.value, { voted: [1] });
  say({ type: "own", data: { voted: [1, 2] } });
  assert.deepEqual(room.own.value, { voted: [1, 2] });
  peers[0]?.end(1006);
  await pass(750);
  greet({ recovered: true, entries: [] });
  assert.equal(room.own.value, undefined);
});

test("an event of the app reaches its listeners, each time, when what came with it is shown", async (context) => {
  const { room, greet, say } = await board(context);
  greet();
  const told: unknown[] = [];
  const stop = room.onEvent((event) => told.push([event, shown(room)]));
  room.onEvent(() => {
    throw new Error("of the app");
  });
  say({ type: "event", data: { confetti: true } }, { type: "entry", ...question(3) }, { type: "event", data: { confetti: true } });
  assert.deepEqual(told, Array(2).fill([{ confetti: true }, "q1 3, q2 3, q3 3"]));
  await assert.rejects(async () => pass(1), /of the app/).catch(() => {});
  stop();
  say({ type: "event", data: { confetti: false } });
  assert.equal(told.length, 2);
});

test("a reset is told when the new log is there, and only where something was known", async (context) => {
  const { room, greet, peers } = await board(context);
  const told: string[] = [];
  room.onReset(() => told.push(shown(room)));
  greet();
  peers[0]?.end(1006);
  await pass(750);
  greet({ recovered: true, entries: [] });
  assert.deepEqual(told, []);
  peers.at(-1)?.end(1006);
  await pass(750 * 2);
  greet({ epoch: "e2", entries: [question(9)], head: 9 });
  assert.deepEqual(told, ["q9 3"]);
});

test("a room without types takes and gives anything", () => {
  const room = new Room({ host: "host", room: "any", memory: {} });
  const body: unknown = room.log.value.items[0]?.body;
  assert.equal(body, undefined);
  // @ts-expect-error: a board has no such draft.
  const send = (board: Room<Board>) => board.send({ content: "hello" });
  assert.equal(typeof send, "function");
});

test("the state of the room is in the welcome, and follows changes", async (context) => {
  const { room, greet, say } = await board(context);
  assert.equal(room.shared.value, undefined);
  greet({ shared: { topic: "weather" } });
  assert.deepEqual(room.shared.value, { topic: "weather" });
  say({ type: "shared", data: { topic: "music" } });
  assert.deepEqual(room.shared.value, { topic: "music" });
  say({ type: "shared", data: null });
  assert.equal(room.shared.value, null);
  greet();
  assert.equal(room.shared.value, undefined);
});

test("queries are answered each on its own, in any order", async (context) => {
  const { room, greet, heard, say } = await board(context);
  greet();
  const [one, two] = [room.query({ votes: 1 }), room.query({ votes: 2 })];
  const [first, second] = await heard();
  assert.deepEqual([first, second], [1, 2].map((votes, place) => ({ type: "query", id: [first, second][place]?.id, data: { votes } })));
  say({ type: "answer", id: "nobody's", data: 7 }, { type: "answer", id: second?.id, data: 5 }, { type: "answer", id: first?.id, data: 3 });
  assert.deepEqual(await Promise.all([one, two]), [3, 5]);
});

test("a query is asked again on the next connection, and rejected when the room refuses it or the visit ends", async (context) => {
  const { room, peers, greet, heard, say } = await board(context);
  greet();
  const answer = room.query({ votes: 1 });
  const [asked] = await heard();
  peers.at(-1)?.end(1006);
  await pass(60_000);
  greet();
  assert.deepEqual(await heard(), [asked]);
  say({ type: "answer", id: asked?.id, data: 3 });
  assert.equal(await answer, 3);
  const refused = assert.rejects(room.query({ votes: 9 }), { code: "not_found" });
  const [unknown] = await heard();
  say({ type: "error", code: "not_found", message: "there is no such item", id: unknown?.id });
  await refused;
  const ended = assert.rejects(room.query({ votes: 1 }), { code: "offline" });
  room.close();
  await ended;
});
