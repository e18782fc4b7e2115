// The name and the colour of this browser's member, kept for all texts.
import { source } from "party-client";
import { COLORS } from "./people.ts";

const NAME = "party.editor.name";
const COLOR = "party.editor.color";

/** Empty: others see a guest. */
export const ownName = source(recall(NAME) ?? "");

/** One of the colours, chosen once. */
export const ownColor = COLORS[Number(recall(COLOR) ?? newColor())] ?? COLORS[0];

/** Takes another name, and keeps it. */
export function takeName(name: string): void {
  ownName.value = name;
  keep(NAME, name);
}

function newColor(): string {
  const color = String(Math.floor(Math.random() * COLORS.length));
  keep(COLOR, color);
  return color;
}

function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Forbidden or full: it lasts as long as the page.
  }
}
