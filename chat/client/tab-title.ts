// The title of the browser tab.
import { isolated } from "./isolated.ts";

/** Returns the title of the browser tab. */
export function tabTitle(room: string, unread: string): string {
  const title = `${isolated(room)} · Party chat`;
  return unread ? `(${unread}) ${title}` : title;
}
