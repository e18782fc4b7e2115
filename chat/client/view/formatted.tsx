// A formatted message: what `formatting.ts` has found, as elements. Plain text stays what it is, without any.
import { Fragment, h, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { formatted, type Block, type Item } from "../formatting.ts";
import type { Inline } from "../inline.ts";
import { mentionsIn } from "../known-names.ts";
import { shortened } from "../links.ts";
import type { RoomSession } from "../room-session.ts";
import { hue } from "./avatar.tsx";
import { CodeBlock } from "./code-block.tsx";
import { useValue } from "./use-value.ts";

type FormattedProps = { text: string; session: RoomSession };

export function Formatted(props: FormattedProps) {
  return props.text.includes("@") ? <WithMentions {...props} /> : <Plain {...props} />;
}

function Plain({ text }: FormattedProps) {
  return <Blocks blocks={useMemo(() => formatted(text), [text])} />;
}

/** A text that is parsed again when there are new names. */
function WithMentions({ text, session }: FormattedProps) {
  const mentions = useValue(mentionsIn(session));
  return <Blocks blocks={useMemo(() => formatted(text, mentions), [text, mentions])} />;
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

/** A name of several people has nobody's colour. */
const GREY = { "--avatar-c": 0, "--avatar-ink-c": 0 };

function Parts({ parts }: { parts: readonly Inline[] }) {
  return <>{parts.map((part) => (typeof part === "string" ? part : partOf(part)))}</>;
}

function partOf(part: Exclude<Inline, string>): VNode {
  switch (part.kind) {
    case "code":
      return <code>{part.text}</code>;
    case "link":
      return <Link text={part.text} href={part.href} />;
    case "mention":
      return (
        <bdi class="mention" data-me={part.me} style={part.member === undefined ? GREY : { "--hue": hue(part.member) }}>
          {part.text}
        </bdi>
      );
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
