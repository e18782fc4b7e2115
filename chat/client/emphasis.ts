// Which marks belong together, by CommonMark's algorithm: a mark that can end something looks back for the nearest one
// that can begin it. What no search has found is not searched for again, so it takes time in proportion to the marks.
import type { Style } from "./inline.ts";

/** A run of equal marks. */
export type Delimiter = { mark: string; from: number; size: number; opens: boolean; closes: boolean };

/** A mark that begins or ends something: `size` characters at `at`. */
export type Mark = { at: number; size: number; style: Style; begins: boolean };

/** A run on its way: how many of its marks are left, and how many at its beginning are used. */
type Run = Delimiter & { left: number; used: number; before: Run | undefined };

/** Returns whether there is anything to be emphasised between two places of the text. */
type HasWords = (from: number, to: number) => boolean;

/** Returns the marks that have found each other, in the order of the text. They are properly nested. */
export function matched(delimiters: readonly Delimiter[], hasWords: HasWords): Mark[] {
  const marks: Mark[] = [];
  const bottoms = new Map<string, number>(); // Before which place a search of this kind finds nothing.
  let top: Run | undefined; // The last run that can begin something.
  for (const delimiter of delimiters) {
    const run: Run = { ...delimiter, left: delimiter.size, used: 0, before: undefined };
    while (run.closes && run.left > 0) {
      const kind = `${run.mark} ${run.opens} ${run.size % 3}`;
      const opener = openerOf(run, top, bottoms.get(kind) ?? 0, hasWords);
      if (!opener) {
        bottoms.set(kind, run.from);
        break;
      }
      pair(opener, run, marks);
      top = opener.left > 0 ? opener : opener.before;
    }
    if (!run.opens || run.left === 0) continue;
    run.before = top;
    top = run;
  }
  return marks.sort((a, b) => a.at - b.at);
}

function openerOf(closer: Run, top: Run | undefined, bottom: number, hasWords: HasWords): Run | undefined {
  for (let run = top; run && run.from >= bottom; run = run.before) {
    if (fits(run, closer) && hasWords(run.from, closer.from)) return run;
  }
  return undefined;
}

/** Of runs that can both begin and end something, some do not fit: "*foo**bar*" has a bold beginning in italic text. */
function fits(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark) return false;
  const both = opener.closes || closer.opens;
  return !both || (opener.size + closer.size) % 3 !== 0 || (opener.size % 3 === 0 && closer.size % 3 === 0);
}

function pair(opener: Run, closer: Run, marks: Mark[]): void {
  const size = opener.left >= 2 && closer.left >= 2 ? 2 : 1;
  const style = opener.mark === "~" ? "s" : size === 2 ? "strong" : "em";
  opener.left -= size;
  marks.push({ at: opener.from + opener.used + opener.left, size, style, begins: true });
  marks.push({ at: closer.from + closer.used, size, style, begins: false });
  closer.used += size;
  closer.left -= size;
}
