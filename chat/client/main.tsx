// Where the client starts: it keeps the room in step with the address bar and puts the page up.
import { source } from "party-client";
import { h, render } from "preact";
import { configureLazy, lazy, type LazyBundle } from "./lazy.ts";
import { freshRoom, roomIn } from "./room-address.ts";
import { openRoom, type RoomSession } from "./room-session.ts";
import { App } from "./view/app.tsx";

configureLazy((attempt) => (attempt ? again(attempt) : import("./lazy-bundle.ts")));

const session = source(openRoom(roomFromAddress()));
addEventListener("popstate", enter);

/**
 * Loads the script under another address: some browsers remember that the one before has failed. The bundler must not
 * change it.
 */
function again(attempt: number): Promise<LazyBundle> {
  const address = `./parts.js?${attempt}`;
  return import(address) as Promise<LazyBundle>;
}

/**
 * Returns the room the address names. An address that names none gets a fresh one. What the address bar shows is then
 * the room's one address.
 */
function roomFromAddress(): string {
  const { pathname } = location;
  const room = roomIn(pathname) ?? freshRoom();
  if (pathname !== `/${room}`) history.replaceState(null, "", `/${room}${location.search}${location.hash}`);
  return room;
}

/**
 * Shows the room that the address names now. The code for that is loaded later; before it is there, the page is
 * reloaded instead.
 */
function enter(): void {
  if (lazy.value) lazy.value.enter(session, roomFromAddress());
  else location.reload();
}

function enterFreshRoom(): void {
  enterRoom("");
}

function enterRoom(room: string): void {
  history.pushState(null, "", `/${room}`);
  enter();
}

const PATIENCE = 200;

/** Waits until the room has answered, or for some time. */
function answer({ room }: RoomSession): Promise<void> {
  return new Promise((resolve) => {
    room.log.subscribe(({ loaded }) => loaded && resolve());
    setTimeout(resolve, PATIENCE);
  });
}

const page = document.getElementById("app");
// The room mostly answers before anybody could look at a page without messages. To draw that first would only delay
// them.
if (page) void answer(session.value).then(() => render(<App session={session} onNewRoom={enterFreshRoom} onRoom={enterRoom} />, page));
