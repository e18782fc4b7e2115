// Where the page starts: `/{key}` is a text, `/read/{room}` the same for readers, and `/` gets the address of a new
// text.
import { h, render } from "preact";
import { newPath, placeOf, type Place } from "./address.ts";
import { keepPage } from "./offline.ts";
import { openSession } from "./session.ts";
import { App } from "./view/app.tsx";

/** Returns the text that the address names. */
function placeFromAddress(): Place {
  const named = placeOf(location.pathname);
  if (named) return named;
  history.replaceState(null, "", newPath());
  return placeFromAddress();
}

const page = document.getElementById("app");
if (page) render(<App session={openSession(placeFromAddress())} />, page);
keepPage();
