// The formatting within a paragraph: `code`, **bold**, *italic*, _italic_, ~~struck~~, links, and mentions. Code, links
// and mentions are found first: nothing in them is a mark. The rules for marks are those of CommonMark, without what a
// chat does not need. Three rules are added: a star between two letters or digits is a star, as in 2*3*4, and so is one
// of a pattern, as in *.txt; and marks with nothing to read between them are text, as in *_*.
import { matched, type Delimiter } from "./emphasis.ts";
import { stretches } from "./links.ts";
import type { Mention, Mentions } from "./mention.ts";

/** How the parts of a text are written: strong, emphasised, struck through. */
export type Style = "strong" | "em" | "s";

export type Inline =
  | string
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "mention"; text: string; member: string | undefined; me: boolean }
  | { kind: Style; parts: Inline[] };

/** A stretch that is no text to be searched for marks. */
type Atom = { from: number; to: number; node: Inline };

/**
 * Parses a paragraph. It takes time in proportion to the text, whatever is in it. Mentions are found if `mentions` says
 * how.
 */
export function inline(text: string, mentions?: Mentions): Inline[] {
  if (!/[`*_~]|https?:/i.test(text) && !(mentions && text.includes("@"))) return [text];
  const atoms = atomsIn(text, mentions);
  return arranged(text, atoms, matched(delimitersIn(text, atoms), wordsIn(text)));
}

/** Finds code, links and mentions. */
function atomsIn(text: string, mentions?: Mentions): Atom[] {
  const atoms: Atom[] = [];
  let from = 0;
  for (const code of [...codeIn(text), undefined]) {
    let at = from;
    for (const { text: part, href, length } of stretches(text.slice(from, code?.from))) {
      const to = at + length;
      if (href !== undefined) atoms.push({ from: at, to, node: { kind: "link", text: part, href } });
      else for (const mention of mentions?.find(text, at, to) ?? []) atoms.push(mentionAtom(text, mention));
      at = to;
    }
    if (!code) break;
    atoms.push(code);
    from = code.to;
  }
  return atoms;
}

function mentionAtom(text: string, { from, to, member, me }: Mention): Atom {
  return { from, to, node: { kind: "mention", text: text.slice(from, to), member, me } };
}

/** Finds code: what is between two runs of equally many backticks. */
function codeIn(text: string): Atom[] {
  const runs = [...text.matchAll(/`+/g)];
  // The next run of the same length, for each.
  const next: (number | undefined)[] = [];
  const last = new Map<number, number>();
  for (let at = runs.length - 1; at >= 0; at--) {
    const size = runs[at]?.[0].length ?? 0;
    next[at] = last.get(size);
    last.set(size, at);
  }
  const found: Atom[] = [];
  for (let at = 0; at < runs.length; at++) {
    const [open, close] = [runs[at], runs[next[at] ?? -1]];
    if (!open || !close || text[open.index - 1] === "\\") continue;
    const [from, to] = [open.index, close.index + close[0].length];
    const code = unpadded(text.slice(from + open[0].length, close.index));
    if (code.trim() !== "") found.push({ from, to, node: { kind: "code", text: code } });
    at = next[at] ?? at;
  }
  return found;
}

/** Drops the space at both ends, which is there for code that begins or ends with a backtick. */
function unpadded(code: string): string {
  return code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "" ? code.slice(1, -1) : code;
}

const RUN = /\\[*_~]|\*+|_+|~+/g;

/** Finds the runs of marks that are not in code, in a link or after a backslash. */
function delimitersIn(text: string, atoms: readonly Atom[]): Delimiter[] {
  const found: Delimiter[] = [];
  let atom = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    while ((atoms[atom]?.to ?? Infinity) <= index) atom++;
    const within = (atoms[atom]?.from ?? Infinity) <= index;
    const mark = run.charAt(0);
    if (within || mark === "\\" || !isMark(mark, run.length)) continue;
    found.push({ mark, from: index, size: run.length, ...flanks(text, index, run) });
  }
  return found;
}

/** Longer runs are not marks: they are a line, or a word that is not to be read. */
function isMark(mark: string, size: number): boolean {
  return mark === "*" ? size <= 3 : mark === "_" ? size === 1 : size === 2;
}

const SPACE = /^\s?$/u;
const PUNCTUATION = /^[\p{P}\p{S}]$/u;
const PATTERN = /^\.[\p{L}\p{N}*]/u;
const STARTS = /^[\p{L}\p{N}`"'“‘„«([]$/u; // Faces as ^_^ do not begin so.
const LATIN = /^[\p{Script=Latin}\p{Nd}]$/u;

/** Returns whether a run of marks can begin or end something, by what stands before and after it. */
function flanks(text: string, from: number, run: string): Pick<Delimiter, "opens" | "closes"> {
  const rest = text.slice(from + run.length, from + run.length + 3);
  const [before, after] = [lastOf(text.slice(Math.max(from - 2, 0), from)), firstOf(rest)];
  const [spaceBefore, spaceAfter] = [SPACE.test(before), SPACE.test(after)];
  const [markBefore, markAfter] = [PUNCTUATION.test(before), PUNCTUATION.test(after)];
  const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
  const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
  if (run === "_") return { opens: left && (!right || markBefore) && STARTS.test(after), closes: right && (!left || markAfter) };
  const inWord = LATIN.test(before) && LATIN.test(after);
  return { opens: left && !inWord && !PATTERN.test(rest), closes: right && !inWord };
}

function firstOf(text: string): string {
  const [first = ""] = text;
  return first;
}

function lastOf(text: string): string {
  return [...text].at(-1) ?? "";
}

const WORD = /[\p{L}\p{N}\p{Extended_Pictographic}]/gu;

/** Returns a function that says whether there is a letter, a digit or a picture between two places. */
function wordsIn(text: string): (from: number, to: number) => boolean {
  let words: number[] | undefined; // Their places. Few texts need them.
  return (from, to) => {
    words ??= Array.from(text.matchAll(WORD), ({ index }) => index);
    let [low, high] = [0, words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((words[middle] ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    return (words[low] ?? Infinity) < to;
  };
}

/** An element that is open, with what is in it so far. */
type Open = { style: Style | undefined; parts: Inline[] };

/** Makes a tree of a text, its atoms and its marks. What is emphasised already is not emphasised again. */
function arranged(text: string, atoms: readonly Atom[], marks: ReturnType<typeof matched>): Inline[] {
  const root: Inline[] = [];
  const open: Open[] = [{ style: undefined, parts: root }];
  const active = new Set<Style | undefined>();
  let [from, atom] = [0, 0];
  const add = (node: Inline) => node !== "" && open.at(-1)?.parts.push(node);
  const upTo = (end: number) => {
    for (let next = atoms[atom]; next && next.from < end; next = atoms[++atom]) {
      add(text.slice(from, next.from));
      add(next.node);
      from = next.to;
    }
    add(text.slice(from, end));
    from = end;
  };
  for (const { at, size, style, begins } of marks) {
    upTo(at);
    from = at + size;
    if (!begins) active.delete(open.pop()?.style);
    else if (active.has(style)) open.push({ style: undefined, parts: open.at(-1)?.parts ?? root });
    else {
      const parts: Inline[] = [];
      add({ kind: style, parts });
      open.push({ style, parts });
      active.add(style);
    }
  }
  upTo(text.length);
  return root;
}
