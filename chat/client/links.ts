// Finding web addresses in plain text. A few lines of our own, because the libraries for it (which know mail addresses,
// phone numbers, every top-level domain) weigh more than this whole app, and because we want less: only what plainly
// starts with http:// or https://.

/**
 * A stretch of text; with `href` it is a link. All stretches together are the text, letter for letter, except for
 * addresses that a browser reads as something else than they look: those are shown as it reads them.
 */
export type Stretch = {
  text: string;
  href?: string;
  /** The length of what was written. */
  length: number;
};

const CANDIDATE = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"\u0000-\u001f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;

/** Splits a text into plain stretches and links. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = withoutTail(match[0]);
    const url = webAddress(address);
    if (!url) continue;
    if (match.index > from) found.push(plain(text.slice(from, match.index)));
    found.push({ text: isPlain(address, url) ? address : url.href, href: url.href, length: address.length });
    from = match.index + address.length;
  }
  if (from < text.length) found.push(plain(text.slice(from)));
  return found;
}

function plain(text: string): Stretch {
  return { text, length: text.length };
}

const LONGEST_PATH = 32;

/** A link as it is shown: its host and the beginning of its path. What is left out at both ends is not shown. */
export type Shortened = { scheme: string; shown: string; rest: string };

/** Shortens the text of a link. The host is always shown as a whole: it says who one goes to. */
export function shortened(text: string): Shortened {
  const [, scheme = "", host = "", path = ""] = /^(https?:\/\/)([^/?#]*)(.*)$/is.exec(text) ?? ["", "", text];
  const letters = Array.from(path);
  if (path === "/" || letters.length <= LONGEST_PATH) return { scheme, shown: path === "/" ? host : host + path, rest: "" };
  const kept = letters.slice(0, LONGEST_PATH - 4).join("");
  return { scheme, shown: host + kept, rest: path.slice(kept.length) };
}

/** Does the text show which host it leads to, and hide nothing? `DI` are the characters that are nothing to see. */
function isPlain(text: string, { host }: URL): boolean {
  const shown = text.toLowerCase().match(/^https?:\/\/([^/?#]*)/)?.[1];
  return shown === host && !/\p{DI}/u.test(text);
}

function webAddress(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const web = url.protocol === "http:" || url.protocol === "https:";
  // An address with a user name before the host, as in https://bank.example@evil.example, is made to deceive.
  return web && url.username === "" && url.password === "" ? url : undefined;
}

const PAIRS = ["()", "[]", "{}"];

/**
 * Drops what belongs to the sentence and not to the address: closing punctuation, marks of formatting, and a bracket
 * that was opened before it.
 */
function withoutTail(candidate: string): string {
  const count = (letter = "") => candidate.split(letter).length - 1;
  // How many brackets were opened before the address, by their closing ones. Those in it come in pairs.
  const unopened = new Map(PAIRS.map(([opening, closing = ""]) => [closing, count(closing) - count(opening)]));
  let end = candidate.length;
  for (; end > 0; end--) {
    const last = candidate.charAt(end - 1);
    const extra = unopened.get(last) ?? 0;
    if (extra > 0) unopened.set(last, extra - 1);
    else if (!".,;:!?'`*_~…’”»".includes(last)) break;
  }
  return candidate.slice(0, end);
}
