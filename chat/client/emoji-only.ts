// Messages of nothing but a few emoji, which are shown large.

const MOST_CHARACTERS = 48;

// One emoji, by the grammar of Unicode (UTS #51): a flag, a key, or pictures that are joined to one. A letter-like sign
// such as © is one only if it is marked so.
const COLOURED = String.raw`(?!\p{Regional_Indicator})\p{Emoji_Presentation}\ufe0f?`;
const MARKED = String.raw`(?!\p{Emoji_Presentation})\p{Extended_Pictographic}(?:\ufe0f|(?=\p{Emoji_Modifier}|\u200d))`;
const ELEMENT = String.raw`(?:${COLOURED}|${MARKED})\p{Emoji_Modifier}?(?:[\u{e0020}-\u{e007e}]+\u{e007f})?`;
const JOINED = String.raw`${ELEMENT}(?:\u200d(?:${ELEMENT}|(?!${ELEMENT})\p{Extended_Pictographic}))*`;
const ONLY = new RegExp(String.raw`^(?:\s|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|${JOINED})+$`, "u");

/** Returns whether a text is nothing but a few emoji. */
export function onlyEmoji(text: string): boolean {
  return text.length <= MOST_CHARACTERS && ONLY.test(text) && text.trim() !== "";
}
