// The beginning of a message, as one line of plain text: without the marks of its formatting.
import { formatted, type Block } from "./formatting.ts";
import type { Inline } from "./inline.ts";
import type { MessageBody } from "./protocol.ts";

const LENGTH = 120;

/** The part of a message that is looked at: the rest would not fit. */
const READ = 4 * LENGTH;

/** Returns the excerpt of a message's text. */
export function excerpt(content: string): string {
  const words = plainText(content.slice(0, READ));
  if (words.length <= LENGTH && content.length <= READ) return words;
  return `${words.slice(0, LENGTH).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** Returns the excerpt of a message: of its text, or else the name of its file. */
export function excerptOf({ content, file }: Pick<MessageBody, "content" | "file">): string {
  return excerpt(content) || (file?.name ?? "");
}

/** Returns all of a message as one line of plain text. */
export function plainText(content: string): string {
  return formatted(content).map(wordsOf).join(" ").replace(/\s+/g, " ").trim();
}

function wordsOf(block: Block): string {
  switch (block.kind) {
    case "text":
      return block.parts.map(inlineWords).join("");
    case "emoji":
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map(wordsOf).join(" ");
    case "list":
      return block.items.map(({ number, blocks }) => `${number === undefined ? "–" : `${number}.`} ${blocks.map(wordsOf).join(" ")}`).join(" ");
  }
}

function inlineWords(part: Inline): string {
  if (typeof part === "string") return part;
  return "parts" in part ? part.parts.map(inlineWords).join("") : part.text;
}
