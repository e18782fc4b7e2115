// The state during a visit: the log, presence, ephemeral events.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pass } from "./fake-socket.ts";
import { enter, entry, item, shown, welcome } from "./visit.ts";

test("a client asks for wire 2 with its own id, and shows what it is welcomed with", async (context) => {
  const visit = await enter(context, { query: { name: "Ada" } });
  assert.equal(visit.peer.url.pathname, "/parties/chat/lobby");
  const { _pk, ...query } = Object.fromEntries(visit.peer.url.searchParams);
  assert.deepEqual(query, { name: "Ada", wire: "2", batch: "1" });
  assert.match(_pk ?? "", /^[\w-]{22}$/);
  assert.deepEqual(visit.peer.protocols, ["party"]);
  assert.deepEqual(visit.room.state.value, { status: "connecting" });
  assert.equal(visit.room.log.value.loaded, false);
  visit.welcome({ entries: [item(1), item(2)], older: true });
  assert.deepEqual(visit.room.state.value, { status: "connected" });
  assert.equal(shown(visit.room), "text 1, text 2");
  assert.equal(visit.room.log.value.loaded, true);
  assert.equal(visit.room.log.value.older, true);
});

test("a connection that is lost is opened again where the client stands", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1), item(2)] });
  visit.peer.end(1006);
  assert.deepEqual(visit.room.state.value, { status: "reconnecting" });
  await pass(750);
  const [before, after] = visit.peers.map(({ url }) => url.searchParams);
  assert.equal(before?.get("position"), null);
  assert.equal(after?.get("position"), "e1.2.at.id");
  assert.equal(after?.get("_pk"), before?.get("_pk"));
  visit.welcome({ recovered: true, entries: [item(3), item(4, { target: 1, body: { content: "edit" } })], head: 4 });
  assert.equal(shown(visit.room), "edit*, text 2, text 3");
  assert.equal(visit.room.log.value.resets, 0);
});

test("a client that was away for too long takes the newest page instead, and says so", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1), item(2)] });
  visit.room.send({ content: "mine" });
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ epoch: "e2", entries: [item(80), item(81)], older: true });
  assert.equal(shown(visit.room), "text 80, text 81, mine?");
  assert.equal(visit.room.log.value.resets, 1);
});

test("entries are shown as they come, alone and in arrays, and an array is told once", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const told: string[] = [];
  visit.room.log.subscribe(() => told.push(shown(visit.room)));
  visit.peer.say(entry(1));
  visit.peer.say(entry(2), { type: "presence", count: 1 }, entry(3), entry(4, { target: 2, body: { content: "edit" } }), entry(3));
  visit.peer.say(entry(3));
  assert.deepEqual(told, ["", "text 1", "text 1, edit*, text 3"]);
});

test("items that do not change stay the same objects", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1), item(2)] });
  const [before] = visit.room.log.value.items;
  visit.peer.say(entry(3));
  visit.room.send({ content: "mine" });
  assert.equal(visit.room.log.value.items[0], before);
});

test("a client that has missed an entry connects again from where it stands", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1)] });
  visit.peer.say(entry(2), entry(4), entry(5));
  assert.equal(shown(visit.room), "text 1, text 2");
  await pass(0);
  assert.equal(visit.peers.length, 2);
  assert.equal(visit.peer.url.searchParams.get("position"), "e1.2.2.i2");
  visit.welcome({ recovered: true, entries: [item(3), item(4), item(5)] });
  assert.equal(shown(visit.room), "text 1, text 2, text 3, text 4, text 5");
});

test("older items are fetched by the first one that is known, and the page is recognised by its id", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5), item(6)], older: true });
  const loaded = visit.room.loadOlder();
  const same = visit.room.loadOlder();
  assert.equal(visit.room.log.value.loading, true);
  const [{ id, ...asked } = {}, ...others] = await visit.heard();
  assert.deepEqual([asked, others], [{ type: "history", before: 5 }, []]);
  visit.peer.say({ type: "page", id: "other", before: 5, entries: [item(2)], more: false });
  assert.equal(shown(visit.room), "text 5, text 6");
  visit.peer.say({ type: "page", id, before: 5, entries: [item(3), item(4)], more: false });
  await Promise.all([loaded, same]);
  assert.equal(shown(visit.room), "text 3, text 4, text 5, text 6");
  assert.equal(visit.room.log.value.loading, false);
  await visit.room.loadOlder();
  assert.deepEqual(await visit.heard(), []);
});

test("a page that was not answered is asked for again on the next connection", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)], older: true });
  const loaded = visit.room.loadOlder();
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ recovered: true, head: 5 });
  const [{ id, ...asked } = {}] = await visit.heard();
  assert.deepEqual(asked, { type: "history", before: 5 });
  visit.peer.say({ type: "page", id, before: 5, entries: [item(4)], more: true });
  await loaded;
  assert.equal(shown(visit.room), "text 4, text 5");
});

test("a page that a reset has made pointless is waited for no more", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)], older: true });
  const loaded = visit.room.loadOlder();
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ entries: [item(9)], older: true });
  await loaded;
  assert.deepEqual(await visit.heard(), []);
  assert.equal(visit.room.log.value.loading, false);
});

test("a page that the room refuses is waited for no more, or asked for again when the room says so", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)], older: true });
  const loaded = visit.room.loadOlder();
  const [first] = await visit.heard();
  visit.peer.say({ type: "error", code: "slow_down", message: "slowly", id: first?.["id"], retryAfter: 1_000 });
  assert.equal(visit.room.paused.value, true);
  await pass(999);
  assert.deepEqual(visit.peer.heard(), []);
  assert.equal(visit.room.paused.value, true);
  const [second] = await visit.heard();
  assert.equal(second?.["before"], 5);
  assert.equal(visit.room.paused.value, false);
  visit.peer.say({ type: "error", code: "invalid", message: "no", id: second?.["id"] });
  await loaded;
  assert.equal(visit.room.notice.value?.code, "invalid");
  assert.deepEqual(await visit.heard(), []);
});

test("a page that nobody answers is found missing, though the connection answers pings", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)], older: true });
  void visit.room.loadOlder();
  await pass(5_000);
  visit.peer.sayText("pong");
  await pass(5_000);
  assert.equal(visit.peers.length, 2);
});

test("any page of the history can be read beside the log, and several at once", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(50), item(51)], older: true });
  const [before, newest, older] = [visit.room.history({ before: 20 }), visit.room.history(), visit.room.loadOlder()];
  const [first, second, third] = await visit.heard();
  assert.deepEqual([first?.["before"], second?.["before"], third?.["before"]], [20, undefined, 50]);
  visit.peer.say({ type: "page", id: second?.["id"], entries: [item(51)], more: true });
  visit.peer.say({ type: "page", id: first?.["id"], before: 20, entries: [item(19)], more: false });
  visit.peer.say({ type: "page", id: third?.["id"], before: 50, entries: [item(49)], more: true });
  await older;
  const pages = await Promise.all([before, newest]);
  assert.deepEqual(pages.map(({ items, more }) => [items.map(({ seq }) => seq), more]), [[[19], false], [[51], true]]);
  assert.equal(shown(visit.room), "text 49, text 50, text 51");
});

test("reading a page outlives a lost connection and a reset, and ends with the visit or by a refusal", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(5)] });
  const read = visit.room.history({ after: 2 });
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ entries: [item(9)], older: true });
  const [asked] = await visit.heard();
  assert.equal(asked?.["after"], 2);
  visit.peer.say({ type: "page", id: asked?.["id"], after: 2, entries: [item(3)], more: true });
  assert.equal((await read).items[0]?.seq, 3);
  const refused = visit.room.history({ before: 2 });
  const [again] = await visit.heard();
  visit.peer.say({ type: "error", code: "invalid", message: "no", id: again?.["id"] });
  await assert.rejects(refused, { code: "invalid" });
  assert.equal(visit.room.notice.value, undefined);
  const late = visit.room.history({ before: 2 });
  visit.room.close();
  await assert.rejects(late, { name: "RoomError" });
});

test("the members present are known from the welcome on, by name where the room is small enough", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.peer.say({ type: "presence", count: 2, join: [{ member: "bob", data: { name: "Bob" } }] });
  assert.deepEqual([...(visit.room.presence.value.members?.keys() ?? [])], ["me", "bob"]);
  visit.peer.say({ type: "presence", count: 1, leave: ["me"] });
  assert.deepEqual(visit.room.presence.value.members?.get("bob")?.data, { name: "Bob" });
  visit.peer.say({ type: "presence", count: 900 });
  assert.deepEqual(visit.room.presence.value, { count: 900 });
});

test("our presence data is sent after each welcome and when it changes", async (context) => {
  const visit = await enter(context, { presence: { name: "Ada" } });
  visit.welcome();
  assert.deepEqual(await visit.asked(), [{ type: "presence", data: { name: "Ada" } }]);
  visit.room.setPresence({ name: "Ada L." });
  assert.deepEqual(await visit.asked(), [{ type: "presence", data: { name: "Ada L." } }]);
  visit.peer.end(1006);
  visit.room.setPresence({ name: "Lovelace" });
  await pass(750);
  visit.welcome();
  assert.deepEqual(await visit.asked(), [{ type: "presence", data: { name: "Lovelace" } }]);
});

test("our presence data is also in the address, as it is when the client connects", async (context) => {
  const visit = await enter(context, { presence: { name: "Ada & Co" } });
  assert.equal(visit.peer.url.searchParams.get("presence"), '{"name":"Ada & Co"}');
  visit.welcome();
  visit.room.setPresence({ name: "Ada L." });
  visit.peer.end(1006);
  await pass(750);
  assert.equal(visit.peer.url.searchParams.get("presence"), '{"name":"Ada L."}');
});

test("presence data that would make the address too long is only sent after the welcome", async (context) => {
  const presence = { name: "x".repeat(1500) };
  const visit = await enter(context, { presence });
  assert.equal(visit.peer.url.searchParams.has("presence"), false);
  visit.welcome();
  assert.deepEqual(await visit.asked(), [{ type: "presence", data: presence }]);
});

test("presence data is in the address up to 1,499 bytes, as they are encoded there", async (context) => {
  const fixed = encodeURIComponent('{"name":""}').length;
  for (const [length, fits] of [[1499, true], [1500, false]] as const) {
    await context.test(`${length}`, async (context) => {
      const visit = await enter(context, { presence: { name: "x".repeat(length - fixed) } });
      assert.equal(visit.peer.url.searchParams.has("presence"), fits);
    });
  }
});

test("without presence data there is none in the address", async (context) => {
  const visit = await enter(context);
  assert.equal(visit.peer.url.searchParams.has("presence"), false);
});

test("an older presence that the room wants later is not sent after a newer one", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.setPresence({ name: "old" });
  visit.room.setPresence({ name: "new" });
  const [old, next] = await visit.heard();
  visit.peer.say({ type: "error", code: "slow_down", message: "slowly", id: old?.["id"], retryAfter: 100 }, { type: "ack", id: next?.["id"] });
  await pass(100);
  assert.deepEqual(await visit.heard(), []);
});

test("a presence that the room refuses is a notice, and holds up nothing", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id, done } = visit.room.send({ content: "hello" });
  visit.room.setPresence({ name: "" });
  const presence = (await visit.heard()).find(({ type }) => type === "presence");
  visit.peer.say({ type: "error", code: "invalid", message: "the name is empty", id: presence?.["id"] });
  assert.equal(visit.room.notice.value?.code, "invalid");
  assert.equal(visit.room.outbox.value[0]?.error, undefined);
  assert.deepEqual(await visit.heard(), []);
  visit.peer.say(entry(1, { id }));
  assert.deepEqual(await done, { seq: 1 });
});

test("a client without presence data sends none", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  assert.deepEqual(await visit.heard(), []);
});

const typing = (from: string, ttl = 6_000) => ({ type: "ephemeral", from, kind: "typing", data: null, ttl });

test("ephemeral events of others end by themselves, when they are said to, and when their member leaves", async (context) => {
  const visit = await enter(context);
  const from = () => visit.room.signals.value.map((signal) => signal.from).join(" ");
  visit.welcome();
  visit.peer.say(typing("a"), typing("b", 2_000), typing("c"), typing("d", 4_000));
  assert.equal(from(), "a b c d");
  await pass(2_000);
  assert.equal(from(), "a c d");
  visit.peer.say(typing("a", 0));
  assert.equal(from(), "c d");
  visit.peer.say({ type: "presence", count: 2, leave: ["c"] });
  assert.equal(from(), "d");
  await pass(1_000);
  visit.peer.say(typing("d", 4_000));
  await pass(3_999);
  assert.equal(from(), "d");
  await pass(1);
  assert.equal(from(), "");
});

test("our own ephemeral events are said again only after a while, when they change, or when they had ended", async (context) => {
  const visit = await enter(context);
  const heard = async () => (await visit.heard()).map(({ kind, data, end }) => (end ? `${kind} ends` : `${kind} ${JSON.stringify(data)}`));
  visit.welcome();
  visit.room.signal("typing");
  visit.room.signal("typing");
  assert.deepEqual(await heard(), ["typing null"]);
  await pass(1_900);
  visit.room.signal("typing");
  visit.room.signal("looking", 1);
  visit.room.signal("looking", 2);
  assert.deepEqual(await heard(), ["looking 1", "looking 2"]);
  await pass(100);
  visit.room.signal("typing");
  assert.deepEqual(await heard(), ["typing null"]);
  visit.room.end("typing");
  visit.room.end("typing");
  visit.room.end("never");
  visit.room.signal("typing");
  assert.deepEqual(await heard(), ["typing ends", "typing null"]);
});

test("an ephemeral event is not kept for the next connection, where it may be sent again at once", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.room.signal("typing");
  visit.peer.end(1006);
  visit.room.signal("typing");
  visit.room.end("typing");
  await pass(750);
  visit.welcome();
  assert.deepEqual(await visit.heard(), []);
  visit.room.signal("typing");
  assert.deepEqual(await visit.heard(), [{ type: "ephemeral", kind: "typing", data: null }]);
});

test("our own member is known from the welcome on, without the secret, and may change", async (context) => {
  const visit = await enter(context);
  visit.welcome({ you: { member: "me", role: "reader", secret: "s" } });
  assert.deepEqual(visit.room.you.value, { member: "me", role: "reader" });
  visit.peer.say({ type: "you", member: "me", role: "moderator", mutedFor: 5 });
  assert.deepEqual(visit.room.you.value, { member: "me", role: "moderator", mutedUntil: visit.room.now() + 5 });
});

const id = (frame: Record<string, unknown> | undefined) => frame?.["id"];
const later = (frame: Record<string, unknown> | undefined) => ({ type: "error", code: "slow_down", message: "slowly", id: id(frame), retryAfter: 1_000 });

test("moderators moderate: one action after another, each until the room has answered it", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const [mute, ban] = [visit.room.moderate("mute", "bob", 600), visit.room.moderate("ban", "bob")];
  assert.deepEqual(await visit.heard(), [{ type: "moderate", id: mute.id, action: "mute", member: "bob", seconds: 600 }]);
  visit.peer.say({ type: "ack", id: mute.id });
  await mute.done;
  assert.deepEqual(await visit.heard(), [{ type: "moderate", id: ban.id, action: "ban", member: "bob" }]);
  visit.peer.say({ type: "ack", id: mute.id }, { type: "ack", id: ban.id });
  await ban.done;
  assert.deepEqual(await visit.heard(), []);
});

test("a moderation is sent until the room has answered: on the next connection, and after a pause", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const kick = visit.room.moderate("kick", "bob");
  const frame = { type: "moderate", id: kick.id, action: "kick", member: "bob" };
  assert.deepEqual(await visit.heard(), [frame]);
  visit.peer.end(1006);
  await assert.rejects(visit.room.moderate("ban", "bob").done, { code: "offline" });
  await pass(750);
  visit.welcome({ recovered: true });
  assert.deepEqual(await visit.heard(), [frame]);
  visit.peer.say(later(frame));
  await pass(999);
  assert.deepEqual(visit.peer.heard(), []);
  assert.deepEqual(await visit.heard(), [frame]);
  visit.peer.say({ type: "ack", id: kick.id });
  visit.peer.end(1006);
  await pass(1_350);
  visit.welcome({ recovered: true });
  assert.deepEqual(await visit.heard(), []);
});

test("a moderation is not sent twice, and not given up for an error about something else", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const edit = visit.room.edit(7, { content: "hello" });
  const kick = visit.room.moderate("kick", "bob");
  await visit.heard();
  visit.peer.say({ type: "error", code: "not_found", message: "there is no such message any more", id: edit.id });
  visit.peer.say({ type: "error", code: "forbidden", message: "of something else" });
  assert.deepEqual(await visit.heard(), []);
  visit.peer.say({ type: "ack", id: kick.id });
  await kick.done;
});

test("a moderation that the room refuses is rejected, is not a notice, and is not sent again", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const kick = visit.room.moderate("kick", "me");
  await visit.heard();
  visit.peer.say({ type: "error", code: "forbidden", message: "not to themselves", id: kick.id });
  await assert.rejects(kick.done, { code: "forbidden", message: "not to themselves" });
  assert.equal(visit.room.notice.value, undefined);
  visit.peer.end(1006);
  await pass(750);
  visit.welcome({ recovered: true });
  assert.deepEqual(await visit.heard(), []);
});

test("a moderation that nobody answers is found missing, though the connection answers pings", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { id } = visit.room.moderate("kick", "bob");
  await pass(5_000);
  visit.peer.sayText("pong");
  await pass(5_000);
  assert.equal(visit.peers.length, 2);
  visit.welcome({ recovered: true });
  assert.deepEqual((await visit.heard()).map((frame) => frame["id"]), [id]);
});

test("a moderation that is under way when the visit ends is given up, and not sent by a later one", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  const { done } = visit.room.moderate("kick", "bob");
  visit.room.close();
  await assert.rejects(done, { code: "offline" });
  visit.room.connect();
  await pass(0);
  visit.welcome({ recovered: true });
  assert.deepEqual(await visit.heard(), []);
});

test("an error that belongs to no entry is a notice", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  visit.peer.say({ type: "error", code: "forbidden", message: "only moderators can do that" });
  assert.equal(visit.room.notice.value?.code, "forbidden");
  assert.equal(visit.room.notice.value?.message, "only moderators can do that");
});

test("a room in another place has another address", async (context) => {
  const visit = await enter(context, { host: "localhost:8787", party: "a game", room: "café/1", batch: false });
  assert.equal(visit.peer.url.origin + visit.peer.url.pathname, "ws://localhost:8787/parties/a%20game/caf%C3%A9%2F1");
  assert.equal(visit.peer.url.searchParams.has("batch"), false);
});

test("many entries of one array make one change of the log", async (context) => {
  const visit = await enter(context);
  visit.welcome();
  let told = -1;
  visit.room.log.subscribe(() => told++);
  visit.peer.say(...Array.from({ length: 5_000 }, (_, index) => entry(index + 1)));
  assert.equal(visit.room.log.value.items.length, 5_000);
  assert.equal(told, 1);
});

test("a second welcome on one connection is taken like a first", async (context) => {
  const visit = await enter(context);
  visit.welcome({ entries: [item(1)] });
  visit.peer.say(welcome({ entries: [item(7)] }));
  assert.equal(shown(visit.room), "text 7");
});
