// Where the client starts: it keeps the room in step with the address bar and puts the page up.
import { cell } from "./cell.ts";
import { h } from "./dom/element.ts";
import { render } from "./dom/render.ts";
import { freshRoom, roomIn } from "./room-address.ts";
import { App } from "./view/app.tsx";

const room = cell(roomFromAddress());
addEventListener("popstate", () => (room.value = roomFromAddress()));

/** The room the address names. An address that names none gets a fresh one. */
function roomFromAddress(): string {
  const named = roomIn(location.pathname);
  if (named !== undefined) return named;
  const fresh = freshRoom();
  history.replaceState(null, "", `/${fresh}`);
  return fresh;
}

function enterFreshRoom(): void {
  room.value = freshRoom();
  history.pushState(null, "", `/${room.value}`);
}

const page = document.getElementById("app");
if (page) render(<App room={room} onNewRoom={enterFreshRoom} />, page);
