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
  const lengths = lengthsOf([own, ...names.keys()]);
  const at = (key: string): Omit<Mention, "from" | "to"> | undefined => {
    const members = names.get(key);
    if (!members) return key === own ? { member: self.member, me: true } : undefined;
    const [member] = members;
    const only = members.size === 1;
    // A former name still is the reader's, as long as nobody else takes it.
    return { member: only ? member : undefined, me: key === own || (only && member === self.member) };
  };
  const find: Mentions["find"] = (text, from = 0, to = text.length) => {
    if (!text.includes("@")) return [];
    const key = keyOf(text.slice(from, to));
    const found: Mention[] = [];
    for (let sign = key.indexOf("@"); sign >= 0; sign = key.indexOf("@", sign + 1)) {
      if (sign + from < (found.at(-1)?.to ?? 0) || !begins(text, sign + from)) continue;
      const name = sign + 1;
      for (const length of lengths.get(key.charAt(name)) ?? []) {
        const named = name + length <= key.length && at(key.slice(name, name + length));
        if (!named || !ends(text, from + name + length)) continue;
        found.push({ from: from + sign, to: from + name + length, ...named });
        break;
      }
    }
    return found;
  };
  return { find };
}

/** Returns how long the names are that begin with a letter, the longest first. */
function lengthsOf(keys: readonly string[]): Map<string, number[]> {
  const all = new Map<string, Set<number>>();
  for (const key of keys) {
    if (key.trim() === "") continue;
    const lengths = all.get(key.charAt(0)) ?? new Set();
    all.set(key.charAt(0), lengths.add(key.length));
  }
  return new Map(Array.from(all, ([first, lengths]) => [first, [...lengths].sort((a, b) => b - a)]));
}

// Scripts that are written without spaces, or whose words take endings: a name in them has a word right beside it.
const JOINED = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"].map((script) => String.raw`\p{scx=${script}}`).join("");

const BEGINS = new RegExp(String.raw`(?:(?<![@\p{L}\p{N}\p{M}])|(?<=[${JOINED}]))@`, "uy");

/** Returns whether the "@" at this place can begin a mention. It does not in an e-mail address. */
function begins(text: string, at: number): boolean {
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
