// The mentions of the reader among messages that they have not seen, and the words for both.
import * as texts from "#texts/conversation.ts";
import { formatted, type Block } from "./formatting.ts";
import type { Inline } from "./inline.ts";
import type { Mentions } from "./mention.ts";
import type { Missed } from "./reading.ts";
import type { Message } from "./room-types.ts";
import { isUnread } from "./unread.ts";

/** Returns whether a message mentions the reader, other than in code. */
export function mentionsReader(content: string, mentions: Mentions): boolean {
  // Few messages do, and only those are parsed.
  return mentions.find(content).some(({ me }) => me) && formatted(content, mentions).some(inBlock);
}

function inBlock(block: Block): boolean {
  switch (block.kind) {
    case "text":
      return block.parts.some(inPart);
    case "quote":
      return block.blocks.some(inBlock);
    case "list":
      return block.items.some(({ blocks }) => blocks.some(inBlock));
    default:
      return false;
  }
}

function inPart(part: Inline): boolean {
  if (typeof part === "string") return false;
  return "parts" in part ? part.parts.some(inPart) : part.kind === "mention" && part.me;
}

/** Counts the messages by others that mention the reader, among those that are new. */
export function newMentions(items: readonly Message[], { after, upTo = Infinity }: Missed, me: string | undefined, mentions: Mentions): number {
  let count = 0;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (!item || (item.seq ?? Infinity) <= after) break;
    if ((item.seq ?? Infinity) <= upTo && isUnread(item, after, me) && mentionsReader(item.body?.content ?? "", mentions)) count++;
  }
  return count;
}

/** Returns "1 new message", "30 new messages" or "97+ new messages", and of them those that mention the reader. */
export function newMessages(count: string, mentions = ""): string {
  return texts.newMessages(count) + (mentions && `, ${mentions}`);
}

/** Returns "1 mentions you" or "2 mention you"; an empty text for none. */
export function mentionText(count: number, more = false): string {
  return count === 0 ? "" : texts.mentionYou(more ? `${count}+` : `${count}`);
}
