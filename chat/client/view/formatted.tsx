// A formatted message: what `formatting.ts` has found, as elements. Plain text stays what it is, without any.
import { Fragment, h, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatted, type Block, type Item } from "../formatting.ts";
import type { Inline } from "../inline.ts";
import { shortened } from "../links.ts";
import { CodeBlock } from "./code-block.tsx";

export function Formatted({ text }: { text: string }) {
  const blocks = useMemo(() => formatted(text), [text]);
  return <Blocks blocks={blocks} />;
}

function Blocks({ blocks }: { blocks: readonly Block[] }) {
  const [first] = blocks;
  // A message of one paragraph has no element for it, and neither has an item of a list.
  if (blocks.length === 1 && first?.kind === "text") return <Parts parts={first.parts} />;
  return <>{blocks.map(blockOf)}</>;
}

function blockOf(block: Block): VNode {
  switch (block.kind) {
    case "text":
      return (
        <p>
          <Parts parts={block.parts} />
        </p>
      );
    case "emoji":
      return <span class="emoji">{block.text}</span>;
    case "code":
      return <CodeBlock text={block.text} language={block.language} />;
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case "list":
      return <List items={block.items} />;
  }
}

function List({ items }: { items: readonly Item[] }) {
  return items[0]?.number === undefined ? (
    <ul>
      {items.map(({ blocks }) => (
        <li>
          <Blocks blocks={blocks} />
        </li>
      ))}
    </ul>
  ) : (
    <ol>
      {items.map(({ number, blocks }) => (
        // The number that was written: others may speak of it.
        <li value={number}>
          <Blocks blocks={blocks} />
        </li>
      ))}
    </ol>
  );
}

function Parts({ parts }: { parts: readonly Inline[] }) {
  return <>{parts.map((part) => (typeof part === "string" ? part : partOf(part)))}</>;
}

function partOf(part: Exclude<Inline, string>): VNode {
  switch (part.kind) {
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return <Link text={part.text} href={part.href} />;
    default:
      return h(part.kind, null, <Parts parts={part.parts} />);
  }
}

/**
 * Shows host and path. The hidden parts are there as text, too, so that they are copied, read out and found with the
 * rest.
 */
function Link({ text, href }: { text: string; href: string }) {
  const { scheme, shown, rest } = shortened(text);
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow">
      <span class="unseen">{scheme}</span>
      {shown}
      {rest && <span class="unseen cut">{rest}</span>}
    </a>
  );
}
