// The name of this browser's member, kept for all boards.
import { source } from "party-client";

const KEY = "party.board.name";

/** Empty: the room calls the member a guest. */
export const ownName = source(recall());

/** Takes another name, and keeps it. */
export function takeName(name: string): void {
  ownName.value = name;
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Forbidden or full: the name lasts as long as the page.
  }
}

function recall(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
