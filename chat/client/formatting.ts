// The formatting of a message, as people write it who know Markdown: blocks of code between lines of three backticks,
// quotes after ">", lists, and what is in `inline.ts`. Whatever is not plainly meant as formatting stays the text that
// it is: one line that begins with a dash or a number is not a list, ">:(" and ">>> " are not quotes. There is no HTML,
// and the depth is limited. The libraries for this are larger than the whole page (micromark, markdown-it, Lezer), or
// take seconds for what somebody has made to take long (those of regular expressions).
import { onlyEmoji } from "./emoji-only.ts";
import { inline, type Inline } from "./inline.ts";
import type { Mentions } from "./mention.ts";

export type Block =
  | { kind: "text"; parts: Inline[] }
  | { kind: "emoji"; text: string }
  | { kind: "code"; text: string; language: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; items: Item[] };

/** An item of a list; with a number it is one of an ordered list. */
export type Item = { number?: number; blocks: Block[] };

/** How deep quotes and lists may be in each other. */
const DEEPEST = 4;

// A text without any of these is only text.
const MARK = /[`*_~>@]|https?:|^[ \t]*(?:-|\d)/im;

/**
 * Parses a message. It takes time in proportion to the text, whatever is in it. Mentions are found if `mentions` says
 * how.
 */
export function formatted(text: string, mentions?: Mentions): Block[] {
  if (onlyEmoji(text)) return [{ kind: "emoji", text }];
  return MARK.test(text) ? blocksOf(text.split(/\r?\n/), { depth: 0, mentions }) : [{ kind: "text", parts: [text] }];
}

/** What is around some lines: how many quotes and lists, and the mentions that the message can have. */
type Around = { depth: number; mentions: Mentions | undefined };

function deeper(around: Around): Around {
  return { ...around, depth: around.depth + 1 };
}

/** A block of some lines, and the line after it. */
type Found = { block: Block; next: number };

function blocksOf(lines: readonly string[], around: Around): Block[] {
  const blocks: Block[] = [];
  let plain: string[] = [];
  const flush = (before: boolean) => {
    const parts = paragraphs(trimmed(plain, blocks.length > 0, before), around.mentions);
    if (parts.length > 0) blocks.push({ kind: "text", parts });
    plain = [];
  };
  for (let at = 0; at < lines.length; ) {
    const found = codeAt(lines, at) ?? (around.depth < DEEPEST ? (quoteAt(lines, at, around) ?? listAt(lines, at, around)) : undefined);
    if (!found) {
      plain.push(lines[at++] ?? "");
      continue;
    }
    flush(true);
    blocks.push(found.block);
    at = found.next;
  }
  flush(false);
  return blocks;
}

/** Returns lines without the blank ones beside a block: it stands on its own anyway. */
function trimmed(lines: readonly string[], start: boolean, end: boolean): string {
  const isText = (line: string) => line.trim() !== "";
  const from = start ? lines.findIndex(isText) : 0;
  const to = end ? lines.findLastIndex(isText) + 1 : lines.length;
  return from < 0 ? "" : lines.slice(from, to).join("\n");
}

/** Parses text in paragraphs: nothing that is formatted goes on after a blank line. */
function paragraphs(text: string, mentions: Mentions | undefined): Inline[] {
  return text === "" ? [] : text.split(/(\n[^\S\n]*\n)/).flatMap((part) => (part.trim() === "" ? [part] : inline(part, mentions)));
}

const FENCE = /^( {0,3})(`{3,})[^\S\n]*([\w+#.-]{0,30})[^\S\n]*$/;

/** Finds a block of code. One that is not closed goes on to the end of the message. */
function codeAt(lines: readonly string[], at: number): Found | undefined {
  const [, indent = "", fence = "", language = ""] = FENCE.exec(lines[at] ?? "") ?? [];
  if (fence === "") return undefined;
  const ends = (line = "") => line.trim().length >= fence.length && /^ {0,3}`+\s*$/.test(line);
  let end = at + 1;
  while (end < lines.length && !ends(lines[end])) end++;
  const content = lines.slice(at + 1, end);
  if (content.every((line) => line.trim() === "")) return undefined;
  const text = content.map((line) => without(line, indent.length)).join("\n");
  return { block: { kind: "code", text, language }, next: end + 1 };
}

/** Returns a line without its first spaces, of which there may be fewer. */
function without(line: string, spaces: number): string {
  const indent = line.length - line.trimStart().length;
  return line.slice(Math.min(indent, spaces));
}

const QUOTED = /^ {0,3}>(?: |$)/;

/** Finds a quote, which begins with a line that is not blank. */
function quoteAt(lines: readonly string[], at: number, around: Around): Found | undefined {
  if (!/^ {0,3}> +\S/.test(lines[at] ?? "")) return undefined;
  let next = at;
  while (next < lines.length && QUOTED.test(lines[next] ?? "")) next++;
  const content = lines.slice(at, next).map((line) => line.replace(QUOTED, ""));
  return { block: { kind: "quote", blocks: blocksOf(content, deeper(around)) }, next };
}

// A line of dashes and stars alone is a line, and not an item.
const ITEM = /^ ?(?:([-*])|(\d{1,4})([.)])) +(?=[^\s*-]|[*-]+[^\s*-])/;
const INDENTED = /^(?: {2}|\t)\s*\S/;

/** An item whose lines are not parsed yet, and the width of its mark. */
type Lines = { number: string | undefined; lines: string[]; width: number };

/** Finds a list. What is indented below an item belongs to it. One line alone is not a list. */
function listAt(lines: readonly string[], at: number, around: Around): Found | undefined {
  const [start, bullet, , stop] = ITEM.exec(lines[at] ?? "") ?? [];
  if (start === undefined) return undefined;
  const items: Lines[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    const [mark, ...kind] = ITEM.exec(line) ?? [];
    const last = items.at(-1);
    if (mark !== undefined && kind[0] === bullet && kind[2] === stop) items.push({ number: kind[1], lines: [line.slice(mark.length)], width: mark.length });
    else if (last && INDENTED.test(line)) last.lines.push(line.startsWith("\t") ? line.slice(1) : without(line, last.width));
    else break;
  }
  if (next === at + 1) return undefined;
  return { block: { kind: "list", items: items.map((item) => itemOf(item, around)) }, next };
}

function itemOf({ number, lines }: Lines, around: Around): Item {
  const blocks = blocksOf(lines, deeper(around));
  return number === undefined ? { blocks } : { number: Number(number), blocks };
}
