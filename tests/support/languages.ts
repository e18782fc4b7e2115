// What a page says, compared with the texts of a language that it does not speak.

import type { Page } from "playwright-core";
import { languages, textsOf } from "../../chat/client/tests/written-out.ts";

/** A text is looked for if it has at least four letters in a row beside its arguments. */
const OWN_LETTERS = /\p{L}{4}/u;

/** Returns what finds texts of another language than `language` that the page must not show. */
export async function foreignTo(language: string): Promise<(page: Page) => Promise<string[]>> {
  const own = new Set((await textsOf(language)).values());
  const foreign = await Promise.all(languages().filter((other) => other !== language).map(textsOf));
  const texts = foreign.flatMap((texts) => [...texts.values()]).filter((text) => !own.has(text));
  const patterns = [...new Set(texts)].filter((text) => OWN_LETTERS.test(text)).map(patternOf);
  const wrong = new RegExp(`^(?:${patterns.join("|")})$`, "u");
  return async (page) => (await said(page)).filter((text) => wrong.test(text));
}

/** Returns what finds a text, with any names and numbers in it. */
function patternOf(text: string): string {
  const plain = text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`).trim();
  return plain.replace(/\d+|(?<!\p{L})[BC](?!\p{L})/gu, ".+");
}

/** Returns all that is read on a page: its texts as far as they are visible, and the labels of its elements. */
function said(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: (string | null | undefined)[] = [document.title];
    for (const element of document.body.querySelectorAll("*")) {
      if (!element.checkVisibility()) continue;
      for (const name of ["alt", "aria-label", "data-edited", "placeholder", "title"]) found.push(element.getAttribute(name));
      // A sentence can have a name in it as an element of its own.
      const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      if (texts.length > 0) found.push(element.textContent, ...texts.map((text) => text.textContent));
    }
    return found.flatMap((text) => text?.trim() || []);
  });
}
