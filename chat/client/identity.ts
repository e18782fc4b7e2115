// Who is writing in this browser: the display name, and which messages were written here.
import { signal } from "@preact/signals";
import { cleanName, randomName } from "./display-name.ts";
import { forGood } from "./storage.ts";

const NAME_KEY = "party.name";
const WRITTEN_KEY = "party.written";
const WRITTEN_KEPT = 1000;

/** The name the next message is written under. */
export const displayName = signal(cleanName(forGood.recall(NAME_KEY) ?? ""));
if (displayName.value === "") rename(randomName());

/** Takes another name and remembers it. A name with nothing visible in it is refused. */
export function rename(typed: string): boolean {
  const name = cleanName(typed);
  if (name === "") return false;
  displayName.value = name;
  forGood.remember(NAME_KEY, name);
  return true;
}

// Anyone may use anyone's name, so "mine" goes by the ids made in this browser and not by the author's name.
const written = new Set((forGood.recall(WRITTEN_KEY) ?? "").split(" "));

/** Was the message with this id written in this browser? */
export function isMine(id: string): boolean {
  return written.has(id);
}

/** Notes that the message with this id is ours. */
export function claim(id: string): void {
  written.add(id);
  forGood.remember(WRITTEN_KEY, Array.from(written).slice(-WRITTEN_KEPT).join(" "));
}
