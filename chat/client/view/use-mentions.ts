// The number of new messages that mention the reader, for views.
import { useMemo } from "preact/hooks";
import { mentionsIn } from "../known-names.ts";
import { mentionText, newMentions } from "../mention-count.ts";
import type { Missed } from "../reading.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

/**
 * Returns how many of the `count` messages that are new mention the reader, as a text: "1 mentions you". It is empty if
 * none does.
 */
export function useMentions(session: RoomSession, count: string, { after, upTo }: Partial<Missed> = {}): string {
  const { items } = useValue(session.room.log);
  const me = useValue(session.room.you)?.member;
  const mentions = useValue(mentionsIn(session));
  return useMemo(() => {
    if (count === "" || after === undefined) return "";
    const missed = upTo === undefined ? { after } : { after, upTo };
    return mentionText(newMentions(items, missed, me, mentions), count.endsWith("+"));
  }, [items, me, mentions, count, after, upTo]);
}
