// Writing a mention: what is typed after an "@", and the people that it can become.
import type { Presence } from "party-client";
import { begins, keyOf } from "./mention.ts";
import { LIMITS, type Profile } from "./protocol.ts";
import type { Message } from "./room-types.ts";
import { rosterOf } from "./roster.ts";

/** An "@" before the caret, and what is typed after it so far. */
export type Query = { at: number; typed: string };

/** The longest query: a letter has two units at most. */
const LONGEST = 2 * LIMITS.userChars;

/** Returns the query that ends at the caret, if there is one. It is in one line. */
export function queryAt(text: string, caret: number): Query | undefined {
  for (let at = caret - 1; at >= Math.max(caret - 1 - LONGEST, 0); at--) {
    if (text.charAt(at) === "\n") return undefined;
    if (text.charAt(at) !== "@" || !begins(text, at)) continue;
    const typed = text.slice(at + 1, caret);
    return /^\s/.test(typed) ? undefined : { at, typed };
  }
  return undefined;
}

/** A name that can be chosen, and how many people have it. */
export type Candidate = { name: string; member: string; count: number };

/** Returns everyone who can be mentioned: the members, or in a room that is too large for a list, those who wrote. */
export function candidatesOf(presence: Presence<Profile>, items: readonly Message[], me: string | undefined): Candidate[] {
  const people = presence.members ? rosterOf(presence, me) : authorsOf(items);
  const all = new Map<string, Candidate>();
  for (const { name, member } of people) {
    if (member === me) continue;
    const same = all.get(keyOf(name));
    all.set(keyOf(name), same ? { ...same, count: same.count + 1 } : { name, member, count: 1 });
  }
  return [...all.values()];
}

/** Returns the authors of the messages, each with their last name. The one who wrote last is the first. */
function authorsOf(items: readonly Message[]): { name: string; member: string }[] {
  const names = new Map<string, string>();
  for (const { author, body } of items.toReversed()) {
    if (author !== undefined && body && !names.has(author)) names.set(author, body.user);
  }
  return Array.from(names, ([member, name]) => ({ member, name }));
}

/**
 * Returns the candidates whose name has a word that begins as it is typed, those whose first word does before the
 * others. Case and accents do not count. A name that is typed as a whole, with a space after it, is no longer a query.
 */
export function matching(candidates: readonly Candidate[], typed: string): Candidate[] {
  const wanted = folded(typed);
  const found: [Candidate[], Candidate[]] = [[], []];
  for (const candidate of candidates) {
    const name = folded(candidate.name);
    if (wanted === `${name} `) return [];
    if (name.startsWith(wanted)) found[0].push(candidate);
    else if (beginsWord(name, wanted)) found[1].push(candidate);
  }
  return found.flat();
}

function beginsWord(name: string, wanted: string): boolean {
  for (let at = name.indexOf(wanted); at >= 0; at = name.indexOf(wanted, at + 1)) {
    if (!/[\p{L}\p{N}]$/u.test(name.slice(0, at))) return true;
  }
  return false;
}

/** Returns a text without what does not count when names are compared. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A change of the text: `text` in the place of what is between two places, and the caret after it. */
export type Insertion = { from: number; to: number; text: string };

/** Returns how the name of a candidate is put in the place of a query. */
export function insertionOf(name: string, { at, typed }: Query, text: string): Insertion {
  const caret = at + 1 + typed.length;
  // The rest of the name may be there already, and a space.
  const [rest = ""] = /^[\p{L}\p{N}\p{M}]*/u.exec(text.slice(caret)) ?? [];
  const end = folded(name).startsWith(folded(typed + rest)) ? caret + rest.length : caret;
  return { from: at, to: text.charAt(end) === " " ? end + 1 : end, text: `@${name} ` };
}
