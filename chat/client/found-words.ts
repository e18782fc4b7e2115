// The words of a search in the text of a message that was found: which part of it is shown, and what is marked there.
// The room decides what is found; this follows its rules, and where it does not know better, it marks nothing.
import { plainText } from "./excerpt.ts";

/** A part of a text, and whether it is one of the words. */
export type Part = { text: string; hit: boolean };

/** The number of characters that are shown before the first word, and in all. */
const BEFORE = 40;
const SHOWN = 180;

/** Letters, digits, and the marks on letters. */
const LETTER = "[\\p{L}\\p{N}\\p{M}]";
/** Letters of scripts without spaces between words. */
const APART = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Mymr}\p{sc=Khmr}ー]/u;

/** Returns the part of a message around the first of the words, with the words marked. */
export function foundWords(content: string, words: string): Part[] {
  const text = plainText(content);
  const hits = hitsIn(text, words);
  const [first = 0] = hits[0] ?? [];
  const from = first > BEFORE ? wordAfter(text, first - BEFORE, first) : 0;
  const to = wholeCharacter(text, Math.min(from + SHOWN, text.length));
  const parts: Part[] = [];
  let at = from;
  for (const [start, end] of hits) {
    if (start < at || end > to) continue;
    if (start > at) parts.push({ text: text.slice(at, start), hit: false });
    parts.push({ text: text.slice(start, end), hit: true });
    at = end;
  }
  if (at < to) parts.push({ text: text.slice(at, to), hit: false });
  if (from > 0) parts.unshift({ text: "…", hit: false });
  if (to < text.length) parts.push({ text: "…", hit: false });
  return parts;
}

/** Returns where the words stand in a text, in their order. */
function hitsIn(text: string, words: string): [start: number, end: number][] {
  const patterns = words.split(/\s+/).map(patternOf).filter((pattern) => pattern !== "");
  if (patterns.length === 0) return [];
  const { folded, places } = fold(text);
  const found = folded.matchAll(new RegExp(patterns.join("|"), "gu"));
  return Array.from(found, ({ index, 0: hit }) => [places[index] ?? 0, places[index + hit.length] ?? text.length]);
}

/** Returns the pattern of a word: of what is between its signs, in this order. A word of one letter is a whole one. */
function patternOf(word: string): string {
  const pieces = fold(word).folded.match(new RegExp(`${LETTER}+`, "gu")) ?? [];
  const last = pieces.at(-1) ?? "";
  if (last === "") return "";
  const begins = APART.test(pieces.join("").charAt(0)) ? "" : `(?<!${LETTER})`;
  const ends = Array.from(last).length > 1 || APART.test(last) ? "" : `(?!${LETTER})`;
  return begins + pieces.join(`[^\\p{L}\\p{N}\\p{M}]+`) + ends;
}

/** Returns a text in lower case and without accents, and where each of its characters comes from. */
function fold(text: string): { folded: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let place = 0;
  for (const character of text) {
    const plain = character.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().normalize("NFC");
    for (let unit = 0; unit < plain.length; unit++) places.push(place);
    folded += plain;
    place += character.length;
  }
  return { folded, places };
}

/** Returns where the first word begins after a place, but not later than `last`. */
function wordAfter(text: string, place: number, last: number): number {
  const space = text.indexOf(" ", place);
  return space < 0 || space >= last ? wholeCharacter(text, place) : space + 1;
}

/** Returns a place that does not cut a character in two. */
function wholeCharacter(text: string, place: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(place - 1)) ? place - 1 : place;
}
