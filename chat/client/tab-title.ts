// The title of the browser tab.
import * as texts from "#texts/room.ts";
import { isolated } from "./isolated.ts";

/**
 * Returns the title of the browser tab: with the number of unread messages, and in words where some mention the reader.
 */
export function tabTitle(room: string, unread: string, mentions = ""): string {
  const title = texts.tabTitle(isolated(room));
  if (!unread) return title;
  return `(${mentions ? texts.newInTitle(unread, mentions) : unread}) ${title}`;
}
