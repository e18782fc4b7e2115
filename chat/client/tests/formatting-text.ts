// Formatted texts as one line, for tests.
import { formatted, type Block } from "../formatting.ts";
import { inline, type Inline } from "../inline.ts";
import type { Mentions } from "../mention.ts";

/** Writes the formatting of a text as elements: "<em>word</em>". */
export function marked(text: string, mentions?: Mentions): string {
  return formatted(text, mentions).map(blockText).join("|");
}

/** Writes the formatting of a paragraph as elements. */
export function markedLine(text: string): string {
  return inline(text).map(partText).join("");
}

/** Joins all text of a text's blocks. Of links it is what is written. */
export function wordsOf(text: string): string {
  return formatted(text).map(words).join("\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "text":
      return block.parts.map(partText).join("");
    case "emoji":
      return `<emoji>${block.text}</emoji>`;
    case "code":
      return `<pre ${block.language}>${block.text}</pre>`;
    case "quote":
      return `<quote>${block.blocks.map(blockText).join("|")}</quote>`;
    case "list":
      return `<list>${block.items.map(({ number, blocks }) => `<${number ?? "*"}>${blocks.map(blockText).join("|")}`).join("")}</list>`;
  }
}

function partText(part: Inline): string {
  if (typeof part === "string") return part;
  if (part.kind === "code") return `<code>${part.text}</code>`;
  if (part.kind === "link") return `<a>${part.text}</a>`;
  if (part.kind === "mention") return part.me ? `<me>${part.text}</me>` : `<at>${part.text}</at>`;
  return `<${part.kind}>${part.parts.map(partText).join("")}</${part.kind}>`;
}

function words(block: Block): string {
  switch (block.kind) {
    case "text":
      return block.parts.map(partWords).join("");
    case "quote":
      return block.blocks.map(words).join("\n");
    case "list":
      return block.items.map(({ number, blocks }) => [number ?? "", ...blocks.map(words)].join(" ")).join("\n");
    case "code":
      return `${block.language} ${block.text}`;
    case "emoji":
      return block.text;
  }
}

function partWords(part: Inline): string {
  if (typeof part === "string") return part;
  return "parts" in part ? part.parts.map(partWords).join("") : part.text;
}
