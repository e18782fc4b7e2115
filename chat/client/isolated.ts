// A text of another person within our own words. It may have characters that change the direction of the text around
// it.

/** The characters that change the direction of a text and are nothing to see. */
export const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Returns a text as a part of a sentence, whose order it cannot change. For sentences that are plain text, as in a
 * label; elsewhere there is `<bdi>`.
 */
export function isolated(text: string): string {
  return `\u2068${text.replace(TURNS, "")}\u2069`;
}
