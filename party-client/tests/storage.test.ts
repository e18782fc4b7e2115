// The data that is kept over reloads and shared between tabs.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Memory } from "../src/index.ts";
import { browser, forbidden, storage } from "./browser.ts";
import { pass } from "./fake-socket.ts";
import { enter, entry, shown, tabs, welcome, type Body } from "./visit.ts";

const text = (content: string) => ({ content });

test("messages that were not acknowledged are there again after a reload, in order and with their errors", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const before = tab();
  const room = visit(before);
  await pass(0);
  room.peers[0]?.open();
  room.peers[0]?.say(welcome());
  const [one, two] = [room.send(text("one")), room.send(text("two"))];
  room.peers[0]?.say({ type: "error", code: "muted", message: "no", id: two.id });
  room.send(text("three"));
  before.gone();
  const again = visit(tab(before.session));
  await pass(0);
  assert.equal(shown(again), "one?, two!, three?");
  again.peers[0]?.open();
  again.peers[0]?.say(welcome());
  await pass(5);
  assert.deepEqual(again.peers[0]?.heard().map(({ id }) => id), [one.id, again.outbox.value[2]?.frame.id]);
});

test("a reloaded page waits for the one before it to be gone", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const before = tab();
  visit(before).send(text("one"));
  await pass(0);
  const again = visit(tab(before.session));
  await pass(0);
  assert.equal(shown(again), "");
  before.gone();
  await pass(0);
  assert.equal(shown(again), "one?");
});

test("tabs that are there keep their outboxes to themselves; what one leaves behind the next one takes", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const [first, second] = [tab(), tab()];
  visit(first).send(text("first"));
  await pass(1);
  const other = visit(second);
  other.send(text("second"));
  await pass(0);
  assert.equal(shown(other), "second?");
  await pass(1);
  first.gone();
  second.gone();
  const third = visit(tab());
  third.send(text("third"));
  await pass(0);
  assert.equal(shown(third), "first?, second?, third?");
  assert.equal(local.values.size, 1);
  const fourth = visit(tab());
  await pass(0);
  assert.equal(shown(fourth), "");
});

test("an adopted message is sent, also when the welcome was earlier", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const before = tab();
  visit(before).send(text("one"));
  await pass(0);
  const again = visit(tab(before.session));
  await pass(0);
  again.peers[0]?.open();
  again.peers[0]?.say(welcome());
  before.gone();
  await pass(5);
  assert.deepEqual(again.peers[0]?.heard().map(({ body }) => body), [text("one")]);
});

test("rooms do not take each other's outboxes", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const before = tab();
  visit(before, "one.two").send(text("one"));
  before.gone();
  for (const name of ["on", "one", "one.t", "one.two.three"]) {
    const other = visit(tab(before.session), name);
    await pass(0);
    assert.equal(shown(other), "", name);
  }
});

test("a visit that is ended leaves its outbox to the next one of the same page", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const memory = tab();
  const room = visit(memory);
  room.send(text("one"));
  await pass(0);
  room.close();
  const next = visit(memory);
  await pass(0);
  assert.equal(shown(next), "one?");
});

test("a visit that was ended and goes on after all keeps its outbox to itself again", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const memory = tab();
  const room = visit(memory);
  room.send(text("one"));
  await pass(0);
  room.close();
  room.connect();
  await pass(0);
  const other = visit(tab());
  await pass(0);
  assert.equal(shown(other), "");
  room.close();
  await pass(0);
  const next = visit(tab());
  await pass(0);
  assert.equal(shown(next), "one?");
});

/** Returns where there are accounts: visits of one browser after each other, and what each is welcomed as. */
function accounts(context: TestContext) {
  const visit = tabs(context);
  const { tab } = browser();
  let before = tab();
  return async () => {
    before.gone();
    before = tab(before.session);
    const room = visit(before, "lobby", { token: () => "token" });
    await pass(0);
    const enter = async (member: string) => {
      room.peers.at(-1)?.open();
      room.peers.at(-1)?.say(welcome({ you: { member, role: "member" } }));
      await pass(5);
      return room.peers.at(-1)?.heard().map(({ body }) => (body as Body).content).join(", ");
    };
    return Object.assign(room, { enter });
  };
}

test("where there are accounts, what one has left unsent waits for them, while others come and go", async (context) => {
  const next = accounts(context);
  const ada = await next();
  ada.send(text("early"));
  await ada.enter("ada");
  ada.send(text("late"));
  const bob = await next();
  assert.equal(await bob.enter("bob"), "");
  assert.equal(shown(bob), "");
  bob.send(text("of bob"));
  assert.equal(shown(bob), "of bob?");
  const again = await next();
  assert.equal(shown(again), "early?, late?, of bob?");
  assert.equal(await again.enter("ada"), "early, late");
  assert.equal(shown(again), "early?, late?");
});

test("where there are accounts, what was refused is still its writer's", async (context) => {
  const next = accounts(context);
  const ada = await next();
  await ada.enter("ada");
  const { id } = ada.send(text("one"));
  ada.peers[0]?.say({ type: "error", code: "muted", message: "no", id });
  const bob = await next();
  await bob.enter("bob");
  assert.equal(shown(bob), "");
  const again = await next();
  await again.enter("ada");
  assert.equal(shown(again), "one!");
});

test("where there are accounts, nothing is sent as somebody else who has come within a visit", async (context) => {
  const next = accounts(context);
  const room = await next();
  await room.enter("ada");
  room.send(text("of ada"));
  for (const [member, seen] of [["bob", ""], ["ada", "of ada"]] as const) {
    room.connect();
    await pass(0);
    assert.equal(await room.enter(member), seen);
    assert.equal(shown(room), seen && `${seen}?`);
  }
});

test("without locks a tab finds after a reload what it has left itself, and nobody else does", async (context) => {
  const visit = tabs(context);
  const [local, session] = [storage(), storage()];
  visit({ local, session }).send(text("one"));
  assert.equal(shown(visit({ local, session: storage() })), "");
  assert.equal(shown(visit({ local, session })), "one?");
  assert.equal(session.values.size, 1);
});

test("an acknowledged message leaves nothing behind", async (context) => {
  const { tab, local } = browser();
  const visit = await enter(context, { memory: tab() });
  visit.welcome();
  const { id } = visit.room.send(text("one"));
  assert.equal(local.values.size, 1);
  visit.peer.say(entry(1, { id }));
  assert.equal(local.values.size, 0);
});

test("where storage is forbidden or full all else works", async (context) => {
  const memories: Memory[] = [
    { local: forbidden(), session: forbidden() },
    {
      get local(): never {
        throw new Error("not even to be named");
      },
      session: forbidden(),
      locks: { request: () => Promise.reject(new Error("forbidden")) },
    },
    {},
  ];
  for (const memory of memories) {
    await context.test(async (context) => {
      const visit = await enter(context, { memory });
      visit.welcome({ you: { member: "me", role: "member", secret: "s" } });
      const { id } = visit.room.send(text("one"));
      visit.peer.say(entry(1, { id, body: text("one") }));
      assert.equal(shown(visit.room), "one");
      visit.peer.end(1006);
      await pass(750);
      assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.s"]);
    });
  }
});

test("where storage is nearly full, what is adopted is still kept", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const { setItem } = local;
  const letters = () => [...local.values].flat().join("").length;
  let last = tab();
  visit(last).send(text("a long text ".repeat(20)));
  const quota = letters() + 100;
  local.setItem = (key, value) => {
    if (letters() - (local.getItem(key) ?? "").length + value.length > quota) throw new Error("full");
    setItem(key, value);
  };
  for (let visits = 0; visits < 2; visits++) {
    last.gone();
    last = tab(last.session);
    const { outbox } = visit(last);
    await pass(0);
    assert.equal(outbox.value.length, 1);
    assert.equal(local.values.size, 1);
  }
});

test("an adopted message that cannot be stored again stays where it was", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const before = tab();
  visit(before).send(text("one"));
  const [[key, kept] = []] = local.values;
  const { setItem } = local;
  local.setItem = (name, value) => {
    if (name !== key) throw new Error("full");
    setItem(name, value);
  };
  before.gone();
  const { outbox } = visit(tab());
  await pass(0);
  assert.equal(outbox.value.length, 1);
  assert.deepEqual([...local.values], [[key, kept]]);
});

test("foreign values in the storage break nothing", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  const prefix = "party.outbox.host/chat/lobby/";
  for (const [index, value] of ["{", "null", "[null]", "5", '[{"frame":{"id":5}}]'].entries()) local.setItem(prefix + index, value);
  const room = visit(tab());
  await pass(0);
  assert.equal(shown(room), "");
  assert.equal(local.values.size, 0);
});

test("the secret that the room has made proves who we are next time, in every tab, and in this room alone", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const first = visit(tab());
  await pass(0);
  assert.deepEqual(first.peers[0]?.protocols, ["party"]);
  first.peers[0]?.open();
  first.peers[0]?.say(welcome({ you: { member: "me", role: "member", secret: "made" } }));
  const [second, other] = [visit(tab()), visit(tab(), "elsewhere")];
  await pass(0);
  assert.deepEqual(second.peers[0]?.protocols, ["party", "party.bearer.made"]);
  assert.deepEqual(other.peers[0]?.protocols, ["party"]);
});

test("of two tabs that meet a room at the same moment, the second one comes again as the first one, before it says anything", async (context) => {
  const visit = tabs(context);
  const { tab } = browser();
  const [first, second] = [visit(tab()), visit(tab())];
  await pass(0);
  second.send(text("one"));
  for (const [index, { peers }] of [first, second].entries()) {
    peers[0]?.open();
    peers[0]?.say(welcome({ you: { member: `m${index}`, role: "member", secret: `secret-${index}` } }));
  }
  assert.equal(first.state.value.status, "connected");
  assert.deepEqual(second.peers[0]?.heard(), []);
  await pass(0);
  assert.deepEqual(second.peers[1]?.protocols, ["party", "party.bearer.secret-0"]);
  assert.equal(first.peers.length, 1);
});

test("a secret that is no longer valid is left out once, and replaced by the one the room then makes", async (context) => {
  const { tab, local } = browser();
  local.setItem("party.secret.host/chat/lobby", "old");
  const visit = await enter(context, { memory: tab() });
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.old"]);
  visit.peer.end(4401);
  await pass(0);
  assert.deepEqual(visit.peer.protocols, ["party"]);
  visit.welcome({ you: { member: "me", role: "member", secret: "new" } });
  assert.equal(local.getItem("party.secret.host/chat/lobby"), "new");
});

const made = (secret: string) => welcome({ you: { member: `member of ${secret}`, role: "member", secret } });
const proofs = (peer: { heard(): Record<string, unknown>[] } | undefined) => peer?.heard().filter(({ type }) => type === "token").map(({ token }) => token);

test("a new secret is proved once it is stored, also where storage is forbidden", async (context) => {
  for (const local of [storage(), forbidden()]) {
    await context.test(async (context) => {
      const visit = await enter(context, { memory: { local } });
      visit.peer.open();
      visit.peer.say(made("s"));
      await pass(50);
      const [frame, ...others] = visit.peer.heard();
      assert.deepEqual([frame?.["type"], frame?.["token"], others], ["token", "s", []]);
      visit.peer.say({ type: "ack", id: frame?.["id"] }, { type: "you", member: "me", role: "moderator" });
      assert.equal(visit.room.you.value?.role, "moderator");
      await pass(9_000);
      assert.equal(visit.peers.length, 1);
    });
  }
});

test("a secret that was to be proved when the connection was lost is proved by the next one", async (context) => {
  const visit = await enter(context, { memory: { local: storage() } });
  visit.peer.open();
  visit.peer.say(made("s"));
  await pass(10);
  visit.peer.end(1006);
  await pass(750);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.s"]);
  visit.welcome({ recovered: true });
  await pass(50);
  assert.deepEqual(proofs(visit.peer), []);
});

test("a secret that the room does not want proved is nobody's trouble", async (context) => {
  const visit = await enter(context);
  visit.peer.open();
  visit.peer.say(made("s"));
  await pass(50);
  visit.peer.say({ type: "error", code: "unsupported", message: "no", id: visit.peer.heard()[0]?.["id"] });
  assert.equal(visit.room.notice.value, undefined);
});

test("two tabs whose secret is no longer valid end as one member", async (context) => {
  const visit = tabs(context);
  const { tab, local } = browser();
  local.setItem("party.secret.host/chat/lobby", "old");
  const both = [visit(tab()), visit(tab())];
  await pass(0);
  for (const { peers } of both) peers[0]?.end(4401);
  await pass(0);
  for (const [index, { peers }] of both.entries()) {
    peers[1]?.open();
    peers[1]?.say(made(`s${index}`));
  }
  await pass(50);
  assert.deepEqual(proofs(both[0]?.peers[1]), ["s0"]);
  assert.deepEqual(both[1]?.peers[2]?.protocols, ["party", "party.bearer.s0"]);
  assert.equal(local.getItem("party.secret.host/chat/lobby"), "s0");
});

/** Two tabs whose browser shows one what the other has stored after some milliseconds. The last one to store wins. */
function slowBrowser(delay: number) {
  const views = [storage(), storage()];
  return views.map((own) => ({
    ...own,
    get length() {
      return own.length;
    },
    setItem(key: string, value: string) {
      own.setItem(key, value);
      setTimeout(() => views.forEach((view) => view.setItem(key, value)), delay);
    },
  }));
}

test("two tabs that open a fresh room at once end as one member, which alone has proved its secret", async (context) => {
  for (const delay of [undefined, 20]) {
    await context.test(delay === undefined ? "one sees at once what the other has stored" : "one sees it late", async (context) => {
      const visit = tabs(context);
      const shared = storage();
      const both = (delay === undefined ? [shared, shared] : slowBrowser(delay)).map((local) => visit({ local }));
      await pass(0);
      const proved: unknown[] = [];
      for (const [index, { peers }] of both.entries()) {
        peers[0]?.open();
        peers[0]?.say(made(`s${index}`));
      }
      await pass(20);
      await pass(30);
      await pass(50);
      for (const { peers } of both) {
        for (const peer of peers) {
          if (peer.readyState === 0) {
            peer.open();
            const secret = peer.protocols[1]?.replace("party.bearer.", "");
            proved.push(secret);
            peer.say(welcome({ you: { member: `member of ${secret}`, role: "member" } }));
          }
          proved.push(...(proofs(peer) ?? []));
        }
      }
      const [one, other] = both.map(({ you }) => you.value?.member);
      assert.equal(one, other);
      assert.ok(proved.length > 0);
      for (const secret of proved) assert.equal(`member of ${secret}`, one);
    });
  }
});

test("a secret that a full storage does not take is proved, and given on the next connection", async (context) => {
  const local = storage();
  local.setItem("party.secret.host/chat/lobby", "old");
  local.setItem = () => {
    throw new Error("full");
  };
  const visit = await enter(context, { memory: { local } });
  visit.peer.end(4401);
  await pass(0);
  visit.peer.open();
  visit.peer.say(made("new"));
  await pass(50);
  assert.deepEqual(proofs(visit.peer), ["new"]);
  visit.peer.end(1006);
  await pass(750);
  assert.deepEqual(visit.peer.protocols, ["party", "party.bearer.new"]);
});
