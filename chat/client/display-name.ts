// The name a person writes under: what a valid one is, and a friendly one for those who have not chosen yet.
import { LIMITS } from "./protocol.ts";

const MOODS = "Bright Brisk Calm Clever Cosy Daring Gentle Jolly Keen Lucky Merry Nimble Quiet Sunny Swift Witty".split(" ");
const ANIMALS = "Badger Beaver Crane Falcon Finch Fox Gecko Heron Lynx Marten Otter Owl Panda Puffin Robin Seal".split(" ");

/** The name as it is sent: one line, no stray spaces, no invisible controls, within the room's limit. Empty if nothing is left. */
export function cleanName(typed: string): string {
  const visible = typed.normalize("NFC").replace(INVISIBLE, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
  return Array.from(visible).slice(0, LIMITS.userChars).join("").trim();
}

/** A name such as "Brisk Otter". */
export function randomName(random: () => number = Math.random): string {
  return `${pick(MOODS, random)} ${pick(ANIMALS, random)}`;
}

// Direction overrides in a name would reverse the text around it. (Zero-width joiners stay: emoji need them.)
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "";
}
