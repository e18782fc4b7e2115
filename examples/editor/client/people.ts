// The people that are here, as they say themselves: each has a name, a colour and perhaps a cursor.
//
// What others say is theirs to choose, so nothing of it is believed: a name is cut, and a colour is one of ours.
import type { Awareness } from "y-protocols/awareness";

/** The colours of people, as other editors of Yjs want them. The page has its own shades: `--person-0` and so on. */
export const COLORS = ["#c2410c", "#a16207", "#4d7c0f", "#0f766e", "#0369a1", "#4f46e5", "#9333ea", "#be185d"] as const;

/** The longest name that is shown, in characters. */
const MAX_NAME = 40;

export type Person = {
  readonly id: number;
  readonly name: string;
  /** The index of a colour. */
  readonly color: number;
  /** Whether it only reads. */
  readonly reads: boolean;
  readonly isSelf: boolean;
};

/** Returns everyone who is here: this page first, then in the order of the names. */
export function peopleOf(awareness: Pick<Awareness, "clientID" | "getStates">): Person[] {
  const people = [...awareness.getStates()].map(([id, state]) => personOf(id, state, id === awareness.clientID));
  const order = (a: Person, b: Person) => Number(b.isSelf) - Number(a.isSelf) || a.name.localeCompare(b.name) || a.id - b.id;
  return people.sort(order);
}

/** Returns a person by what it says. */
export function personOf(id: number, state: { [field: string]: unknown }, isSelf = false): Person {
  const said = (state["user"] ?? {}) as { [field: string]: unknown };
  const color = COLORS.findIndex((one) => one === said["color"]);
  return { id, name: nameOf(said["name"]), color: color < 0 ? id % COLORS.length : color, reads: said["reads"] === true, isSelf };
}

/** Returns what others see of a name: one line, not too long. */
export function nameOf(name: unknown): string {
  const text = typeof name === "string" ? name.replace(/[\s\p{Cc}\p{Bidi_Control}]+/gu, " ").trim() : "";
  return [...text].slice(0, MAX_NAME).join("") || "Guest";
}

/** Returns the letter that stands for a name. */
export function initialOf(name: string): string {
  return [...name][0]?.toUpperCase() ?? "?";
}
