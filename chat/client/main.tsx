// Where the client starts: it keeps the room in step with the address bar and puts the page up.
import { render } from "preact";
import { cell } from "./cell.ts";
import { freshRoom, roomIn } from "./room-address.ts";
import { openRoom } from "./room-session.ts";
import { clock } from "./time.ts";
import { App } from "./view/app.tsx";

const session = cell(openRoom(roomFromAddress()));
addEventListener("popstate", () => enter(roomFromAddress()));

/** The room the address names. An address that names none gets a fresh one. */
function roomFromAddress(): string {
  const named = roomIn(location.pathname);
  if (named !== undefined) return named;
  const fresh = freshRoom();
  history.replaceState(null, "", `/${fresh}`);
  return fresh;
}

function enter(room: string): void {
  session.value.close();
  session.value = openRoom(room);
}

function enterFreshRoom(): void {
  const fresh = freshRoom();
  enter(fresh);
  history.pushState(null, "", `/${fresh}`);
}

const page = document.getElementById("app");
// In the order of what people wait for longest: the connection, which the browser opens beside all else, and for which `partysocket` lets one
// turn of the event loop pass; the page; and what only messages need.
if (page) {
  setTimeout(() =>
    setTimeout(() => {
      render(<App session={session} onNewRoom={enterFreshRoom} />, page);
      setTimeout(clock.prepare);
    }),
  );
}
