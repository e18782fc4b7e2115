// The title of the browser tab.
import { isolated } from "./isolated.ts";

/**
 * Returns the title of the browser tab: with the number of unread messages, and in words where some mention the reader.
 */
export function tabTitle(room: string, unread: string, mentions = ""): string {
  const title = `${isolated(room)} · Party chat`;
  if (!unread) return title;
  return `(${mentions ? `${unread} new, ${mentions}` : unread}) ${title}`;
}
