// Where the page starts: `/{room}` is a board, and `/` gets the address of a new one, which nobody can guess.
import { randomId } from "party-client";
import { h, render } from "preact";
import { openSession } from "./session.ts";
import { App } from "./view/app.tsx";

/** The board that the address names. */
function roomFromAddress(): string {
  const named = location.pathname.split("/").find((segment) => segment !== "");
  if (named !== undefined) return named;
  const fresh = randomId();
  history.replaceState(null, "", `/${fresh}`);
  return fresh;
}

const page = document.getElementById("app");
if (page) render(<App session={openSession(roomFromAddress())} />, page);
