// A name that is taken in one tab is taken in all: in the room they are one member.
import { displayName, NAME_KEY } from "./identity.ts";

addEventListener("storage", ({ key, newValue }) => {
  if (key === NAME_KEY && newValue) displayName.value = newValue;
});
