// How many messages by others have come since the reader last saw the end of the conversation.
import type { Message } from "./protocol.ts";

/** Counts others' messages after the one with id `lastRead`. All of them are new if that one is not there. */
export function unreadAfter(settled: readonly Message[], lastRead: string | undefined, isMine: (id: string) => boolean): number {
  const seen = settled.findLastIndex((message) => message.id === lastRead);
  return settled.slice(seen + 1).filter((message) => !isMine(message.id)).length;
}

/** The title of the browser tab. */
export function tabTitle(room: string, unread: number): string {
  const title = `${room} · Party chat`;
  return unread > 0 ? `(${unread}) ${title}` : title;
}
