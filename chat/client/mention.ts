// Mentions: "@" and a name, in plain text. The text is stored as it is, so a mention is whatever names somebody who is
// known. The longest name wins, upper and lower case are the same, and a word must not begin before the "@" or go on
// after the name: "a@b.example" mentions nobody.

/** The members that have or had a name, by its key. */
export type Names = ReadonlyMap<string, ReadonlySet<string>>;

/** A mention at a place of the text. */
export type Mention = {
  from: number;
  to: number;
  /** The member, if only one has the name. */
  member: string | undefined;
  /** Is it the reader? */
  me: boolean;
};

/** The mentions that a text can have. An object, because views watch it, and cannot watch functions. */
export type Mentions = {
  /** Finds those between two places of a text, in their order. */
  find(text: string, from?: number, to?: number): Mention[];
  /** Returns as which of the members with this name a member became known: 1 for the first. 0 if none is known so. */
  placeOf(name: string, member: string): number;
};

/** The reader: the member, and the name that they have now. */
export type Self = { member: string | undefined; name: string };

/** Returns the key of a name. It is as long as the name, so that the same can be done with a text. */
export function keyOf(name: string): string {
  return name.replace(/\p{Lu}/gu, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  });
}

/** Returns how mentions of the names are found. It takes time in proportion to the text. */
export function mentionsOf(names: Names, self: Self): Mentions {
  const own = keyOf(self.name);
  const tree = treeOf([own, ...names.keys()]);
  const whose = (key: string): Omit<Mention, "from" | "to"> => {
    const [member = self.member, another] = names.get(key) ?? [];
    const only = another === undefined;
    // A former name still is the reader's, as long as nobody else takes it.
    return { member: only ? member : undefined, me: key === own || (only && member === self.member) };
  };
  const find: Mentions["find"] = (text, from = 0, to = text.length) => {
    if (!text.includes("@")) return [];
    const key = keyOf(text.slice(from, to));
    const found: Mention[] = [];
    let next = 0;
    for (let sign = key.indexOf("@"); sign >= 0; sign = key.indexOf("@", next)) {
      next = sign + 1;
      if (!begins(text, from + sign)) continue;
      const end = endsIn(tree, key, next).findLast((end) => ends(text, from + end));
      if (end === undefined) continue;
      found.push({ from: from + sign, to: from + end, ...whose(key.slice(next, end)) });
      next = end;
    }
    return found;
  };
  const placeOf: Mentions["placeOf"] = (name, member) => [...(names.get(keyOf(name)) ?? [])].indexOf(member) + 1;
  return { find, placeOf };
}

/** The names that begin alike: by their next letter, and whether one ends here. */
type Tree = { next: Map<string, Tree>; isName: boolean };

function treeOf(keys: readonly string[]): Tree {
  const root: Tree = { next: new Map(), isName: false };
  for (const key of keys) {
    let tree = root;
    for (const unit of key.split("")) {
      const next = tree.next.get(unit) ?? { next: new Map(), isName: false };
      tree.next.set(unit, next);
      tree = next;
    }
    tree.isName = key.trim() !== "";
  }
  return root;
}

/** Returns where the names end that begin at this place, the shortest first. */
function endsIn(names: Tree, key: string, from: number): number[] {
  const all: number[] = [];
  let tree = names.next.get(key.charAt(from));
  for (let at = from + 1; tree; at++) {
    if (tree.isName) all.push(at);
    tree = tree.next.get(key.charAt(at));
  }
  return all;
}

// Scripts that are written without spaces, or whose words take endings: a name in them has a word right beside it.
const JOINED = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"].map((script) => String.raw`\p{scx=${script}}`).join("");

const BEGINS = new RegExp(String.raw`(?:(?<![@\p{L}\p{N}\p{M}])|(?<=[${JOINED}]))@`, "uy");

/** Returns whether the "@" at this place can begin a mention. It does not in an e-mail address. */
export function begins(text: string, at: number): boolean {
  BEGINS.lastIndex = at;
  return BEGINS.test(text);
}

const SAME_SIGN = /^[\p{M}\p{Emoji_Modifier}\u200d@]/u;
const SAME_WORD = /^_*[\p{L}\p{N}]/u;
const BESIDE = new RegExp(`(?<=[${JOINED}])|(?=[${JOINED}])`, "uy");

/** Returns whether a name can end at this place. */
function ends(text: string, at: number): boolean {
  const rest = text.slice(at, at + 8);
  if (SAME_SIGN.test(rest)) return false;
  BESIDE.lastIndex = at;
  return !SAME_WORD.test(rest) || BESIDE.test(text);
}
