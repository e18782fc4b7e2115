// The hooks in real React, under StrictMode: when rooms are opened and closed, and what components render.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { act, Activity, createElement } from "react";
import { renderToString } from "react-dom/server";
import { source, type Observable, type Room, type RoomOptions } from "../src/index.ts";
import { useConnectionState, useLog, useObservable, useOutbox, usePresence, useRoom, useRoomEvent } from "../src/react/index.ts";
import { network, pass, type Peer } from "./fake-socket.ts";
import { mount } from "./react-page.ts";
import { entry, item, stopClock, welcome, type Types } from "./visit.ts";

type Options = Partial<RoomOptions<Types>>;

/** The values that a component has rendered, the newest at the end. */
type Shown = { room: Room<Types>; text: string };

/** A component that shows a room, each time as one line. */
function Screen({ shown, options }: { shown: Shown[]; options: RoomOptions<Types> }) {
  const room = useRoom(options);
  return createElement(Line, { shown, room });
}

function Line({ shown, room }: { shown: Shown[]; room: Room<Types> }) {
  const [{ items }, { count }, { status }, outbox] = [useLog(room), usePresence(room), useConnectionState(room), useOutbox(room)];
  const texts = items.map(({ body, pending }) => `${body?.content}${pending ? "?" : ""}`);
  shown.push({ room, text: `${status}, ${count} here, ${outbox.length} waiting: ${texts.join(" ")}` });
  return null;
}

/** Mounts a component that shows a room. */
async function screen(context: TestContext, first: Options = {}) {
  stopClock(context);
  const { peers, WebSocket } = network();
  const shown: Shown[] = [];
  const properties = (options: Options) => ({
    shown,
    options: { host: "host", party: "chat", room: "lobby", memory: {}, WebSocket, ...options },
  });
  const page = await mount(context, Screen, properties(first));
  await passed(0);
  return {
    ...page,
    peers,
    shown,
    get room(): Room<Types> {
      return newest(shown).room;
    },
    get text(): string {
      return newest(shown).text;
    },
    render: async (options: Options) => {
      await page.render(properties(options));
      await passed(0);
    },
  };
}

/** Lets time pass, and React render what follows. */
const passed = (milliseconds: number) => act(() => pass(milliseconds));

/** Lets the room send something, and React render it. */
const said = (peer: Peer | undefined, ...frames: object[]) => act(async () => peer?.say(...frames));

async function welcomed(peer: Peer | undefined, ...texts: string[]): Promise<void> {
  await act(async () => peer?.open());
  await said(peer, welcome({ entries: texts.map((content, index) => item(index + 1, { body: { content } })) }));
}

function newest<T>(list: readonly T[]): T {
  const last = list.at(-1);
  assert.ok(last !== undefined, "nothing was rendered");
  return last;
}

const paths = (peers: readonly Peer[]) => peers.map(({ url, closedWith }) => `${url.pathname}${closedWith === undefined ? "" : " closed"}`);

test("a component opens one connection under StrictMode, and closes it when it is unmounted", async (context) => {
  const page = await screen(context);
  assert.equal(page.text, "connecting, 0 here, 0 waiting: ");
  assert.deepEqual(paths(page.peers), ["/parties/chat/lobby"]);
  await welcomed(page.peers[0], "hello");
  assert.equal(page.text, "connected, 1 here, 0 waiting: hello");
  await page.unmount();
  await passed(60_000);
  assert.deepEqual(paths(page.peers), ["/parties/chat/lobby closed"]);
  assert.deepEqual(page.faults, []);
});

test("a room that no component listens to opens no connection until something is written", async (context) => {
  stopClock(context);
  const { peers, WebSocket } = network();
  const rooms = new Set<Room>();
  const Silent = () => (rooms.add(useRoom({ host: "host", room: "lobby", memory: {}, WebSocket })), null);
  const page = await mount(context, Silent, {});
  await passed(60_000);
  assert.equal(peers.length, 0);
  await act(async () => void newest([...rooms]).send("hello"));
  await passed(0);
  assert.deepEqual(paths(peers), ["/parties/main/lobby"]);
  await page.unmount();
  assert.deepEqual(paths(peers), ["/parties/main/lobby closed"]);
});

test("another room name closes the old connection and opens one to the new room", async (context) => {
  const page = await screen(context);
  await welcomed(page.peers[0], "old");
  const old = page.room;
  await page.render({ room: "attic" });
  assert.deepEqual(paths(page.peers), ["/parties/chat/lobby closed", "/parties/chat/attic"]);
  assert.equal(page.text, "connecting, 0 here, 0 waiting: ");
  assert.notEqual(page.room, old);
  await said(page.peers[0], entry(2));
  await welcomed(page.peers[1], "new");
  assert.equal(page.text, "connected, 1 here, 0 waiting: new");
  assert.ok(page.shown.every(({ room, text }) => room === old || !text.includes("old")));
  await page.render({ room: "lobby" });
  assert.deepEqual(paths(page.peers), ["/parties/chat/lobby closed", "/parties/chat/attic closed", "/parties/chat/lobby"]);
  assert.deepEqual(page.faults, []);
});

test("rendering again with equal options keeps the room and its connection", async (context) => {
  const page = await screen(context, { presence: { name: "Ada" } });
  await welcomed(page.peers[0], "hello");
  const { room } = page;
  for (let turn = 0; turn < 3; turn++) await page.render({ presence: { name: "Ada" }, query: {} });
  assert.equal(page.room, room);
  assert.deepEqual(paths(page.peers), ["/parties/chat/lobby"]);
});

test("an unmounted component is not rendered again, whatever its room does", async (context) => {
  const page = await screen(context);
  await welcomed(page.peers[0], "hello");
  const { room } = page;
  await page.unmount();
  const rendered = page.shown.length;
  await said(page.peers[0], entry(2));
  await act(async () => void room.send({ content: "late" }));
  await passed(60_000);
  assert.equal(page.shown.length, rendered);
  assert.equal(page.peers.length, 1);
  assert.deepEqual(page.faults, []);
});

test("a component shows what it writes at once, and what the room makes of it", async (context) => {
  const page = await screen(context);
  await welcomed(page.peers[0], "hello");
  await act(async () => void page.room.send({ content: "hi" }));
  assert.equal(page.text, "connected, 1 here, 1 waiting: hello hi?");
  await passed(5);
  const { id } = page.peers[0]?.heard().at(-1) ?? {};
  await said(page.peers[0], entry(2, { id: String(id), author: "me", body: { content: "Hi." } }));
  assert.equal(page.text, "connected, 1 here, 0 waiting: hello Hi.");
  await said(page.peers[0], { type: "presence", count: 2, join: [{ member: "them", data: { name: "Bob" } }] });
  assert.equal(page.text, "connected, 2 here, 0 waiting: hello Hi.");
});

test("frames that arrive together are rendered together", async (context) => {
  const page = await screen(context);
  await welcomed(page.peers[0]);
  const rendered = page.shown.length;
  await said(page.peers[0], entry(1), entry(2), { type: "presence", count: 2, join: [{ member: "them", data: { name: "Bob" } }] });
  assert.equal(page.text, "connected, 2 here, 0 waiting: text 1 text 2");
  assert.equal(page.shown.length, rendered + 2); // StrictMode renders twice.
});

test("presence data is sent when it differs from the last render", async (context) => {
  const page = await screen(context, { presence: { name: "Ada" } });
  await welcomed(page.peers[0]);
  await passed(5);
  page.peers[0]?.heard();
  await page.render({ presence: { name: "Ada" } });
  await passed(5);
  assert.deepEqual(page.peers[0]?.heard(), []);
  await page.render({ presence: { name: "Bob" } });
  await passed(5);
  assert.deepEqual(page.peers[0]?.heard().map(({ type, data }) => ({ type, data })), [{ type: "presence", data: { name: "Bob" } }]);
});

test("a draft is previewed, and a connection made, with the functions of the last render", async (context) => {
  const by = (name: string): Options => ({ preview: ({ content }) => ({ content: `${name}: ${content}` }), query: () => ({ name }) });
  const page = await screen(context, by("Ada"));
  await welcomed(page.peers[0]);
  await page.render(by("Bob"));
  await act(async () => void page.room.send({ content: "hi" }));
  assert.equal(page.text, "connected, 1 here, 1 waiting: Bob: hi?");
  page.peers[0]?.end(1006);
  await passed(750);
  assert.deepEqual(page.peers.map(({ url }) => url.searchParams.get("name")), ["Ada", "Bob"]);
});

test("a token that is added makes another room, and a connection uses that of the last render", async (context) => {
  const page = await screen(context);
  const { room } = page;
  await page.render({ token: () => "one" });
  assert.notEqual(page.room, room);
  await page.render({ token: () => "two" });
  page.peers.at(-1)?.end(1006);
  await passed(750);
  assert.deepEqual(page.peers.map(({ protocols }) => protocols[1]), [undefined, "party.bearer.one", "party.bearer.two"]);
});

test("a connection brings the invitation of the last render", async (context) => {
  const page = await screen(context);
  await page.render({ invitation: () => "one" });
  await page.render({ invitation: () => "two" });
  page.peers.at(-1)?.end(1006);
  await passed(750);
  assert.deepEqual(page.peers.at(-1)?.protocols, ["party", "party.invitation.two"]);
});

test("a hidden component has no connection, and the same room when it is shown again", async (context) => {
  stopClock(context);
  const { peers, WebSocket } = network();
  const shown: Shown[] = [];
  const options = { host: "host", room: "lobby", memory: {}, WebSocket };
  const Page = ({ mode }: { mode: "visible" | "hidden" }) =>
    createElement(Activity, { mode, children: createElement(Screen, { shown, options }) });
  const page = await mount(context, Page, { mode: "visible" });
  await passed(0);
  await welcomed(peers[0], "hello");
  const { room } = newest(shown);
  await page.render({ mode: "hidden" });
  await passed(60_000);
  assert.deepEqual(paths(peers), ["/parties/main/lobby closed"]);
  await page.render({ mode: "visible" });
  await passed(0);
  assert.deepEqual(paths(peers), ["/parties/main/lobby closed", "/parties/main/lobby"]);
  assert.ok(peers[1]?.url.searchParams.get("position"), "the room resumes where it was");
  assert.equal(newest(shown).room, room);

  await act(async () => peers[1]?.open());
  await act(async () => peers[1]?.end(4403, "banned"));
  for (const mode of ["hidden", "visible"] as const) await page.render({ mode });
  await passed(60_000);
  assert.equal(peers.length, 2);
  assert.match(newest(shown).text, /^closed/);
});

test("an event of the app reaches the listener of the last render, once", async (context) => {
  stopClock(context);
  const { peers, WebSocket } = network();
  const calls: unknown[] = [];
  const Listener = ({ name }: { name: string }) => {
    const room = useRoom({ host: "host", room: "lobby", memory: {}, WebSocket });
    useRoomEvent(room, (event) => calls.push([name, event]));
    return null;
  };
  const page = await mount(context, Listener, { name: "first" });
  await passed(0);
  await welcomed(peers[0]);
  await page.render({ name: "second" });
  await said(peers[0], { type: "event", data: "confetti" });
  assert.deepEqual(calls, [["second", "confetti"]]);
});

test("an observable of the app can be rendered, and exchanged for another", async (context) => {
  const [one, two] = [source("one"), source("two")];
  const shown: string[] = [];
  const Value = ({ observable }: { observable: Observable<string> }) => (shown.push(useObservable(observable)), null);
  const page = await mount(context, Value, { observable: one });
  await act(async () => one.set("ONE"));
  await page.render({ observable: two });
  const rendered = shown.length;
  await act(async () => one.set("nothing"));
  assert.equal(shown.length, rendered);
  await act(async () => two.set("TWO"));
  assert.deepEqual([...new Set(shown)], ["one", "ONE", "two", "TWO"]);
});

test("a server renders a room without connecting, and refuses a name that no room can have", async (context) => {
  stopClock(context);
  const { peers, WebSocket } = network();
  const shown: Shown[] = [];
  const render = (room: string) =>
    renderToString(createElement(Screen, { shown, options: { host: "host", room, memory: {}, WebSocket } }));
  render("lobby");
  await pass(60_000);
  assert.deepEqual(shown.map(({ text }) => text), ["connecting, 0 here, 0 waiting: "]);
  assert.equal(peers.length, 0);
  assert.throws(() => render(".."), { code: "invalid_name" });
});

test("a part that is hydrated late begins with what the server has rendered", async (context) => {
  const page = await screen(context);
  await welcomed(page.peers[0], "hello");
  const late: Shown[] = [];
  renderToString(createElement(Line, { shown: late, room: page.room })); // It takes the value that hydration takes.
  assert.deepEqual(late.map(({ text }) => text), ["connecting, 0 here, 0 waiting: "]);
  assert.equal(page.text, "connected, 1 here, 0 waiting: hello");
});

test("the hooks know the types of the app", () => {
  function Typed() {
    const room = useRoom<Types>({ host: "host", room: "lobby" });
    const content: string | undefined = useLog(room).items[0]?.body?.content;
    const name: string | undefined = usePresence(room).members?.get("me")?.data.name;
    // @ts-expect-error: an item has no such body.
    const wrong: number | undefined = useLog(room).items[0]?.body?.content;
    // @ts-expect-error: an app's draft has other fields.
    const send = () => room.send({ text: "hello" });
    return createElement("p", {}, content, name, wrong, String(send));
  }
  assert.equal(typeof Typed, "function");
});
