// Where the page starts: `/{room}` is a board, and `/` gets the address of a new one, which nobody can guess.
import { randomId, segmentOf } from "party-client";
import { h, render } from "preact";
import { openSession } from "./session.ts";
import { App } from "./view/app.tsx";

/** Returns the board that the address names. */
function roomFromAddress(): string {
  const named = decoded(location.pathname.split("/").find((segment) => segment !== "") ?? "");
  if (segmentOf(named)) return named;
  const fresh = randomId();
  history.replaceState(null, "", `/${fresh}`);
  return fresh;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const page = document.getElementById("app");
if (page) render(<App session={openSession(roomFromAddress())} />, page);
