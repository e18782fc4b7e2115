// Who is writing in this browser: the display name. That they are the same person again, the room knows by a secret of its own.
import { cell } from "./cell.ts";
import { cleanName, randomName } from "./display-name.ts";

const NAME_KEY = "party.name";

/** The name the next message is written under. */
export const displayName = cell("");
if (!rename(recall())) rename(randomName());

/** Takes another name and remembers it. A name with nothing visible in it is refused. */
export function rename(typed: string): boolean {
  const name = cleanName(typed);
  if (name === "") return false;
  displayName.value = name;
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    // Forbidden or full: then the name lives as long as the page does.
  }
  return true;
}

function recall(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    return "";
  }
}
