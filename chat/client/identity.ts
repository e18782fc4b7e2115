// The display name of the person in this browser. The room recognises the person by a secret of its own.
import { source } from "party-client";
import { randomName } from "./random-name.ts";
import { keep, recall } from "./stored.ts";

/** The storage key of the name, for the whole browser. */
export const NAME_KEY = "party.name";

/** The name the next message is written under. */
export const displayName = source("");
takeName(recall(NAME_KEY) || randomName());

/** Takes another name, which must be clean, and remembers it. */
export function takeName(name: string): void {
  displayName.value = name;
  keep(NAME_KEY, name);
}
