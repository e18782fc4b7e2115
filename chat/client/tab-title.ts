// The title of the browser tab.
import { isolated } from "./isolated.ts";

/** Returns the title of the browser tab. */
export function tabTitle(room: string, unread: number): string {
  const title = `${isolated(room)} · Party chat`;
  return unread > 0 ? `(${unread}) ${title}` : title;
}
