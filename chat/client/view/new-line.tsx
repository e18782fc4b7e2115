// The line above what is new: how many messages that is, and how many of them mention the reader.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { newMessages } from "../mention-count.ts";
import type { RoomSession } from "../room-session.ts";
import { useMentions } from "./use-mentions.ts";
import { useValue } from "./use-value.ts";

export function NewLine({ session, count }: { session: RoomSession; count: string }) {
  const mentions = useMentions(session, count, useValue(session.reading.missed));
  return (
    <span role="separator" aria-label={newMessages(count, mentions)}>
      {texts.newCount(count)}
      {mentions && `, ${mentions}`}
    </span>
  );
}
