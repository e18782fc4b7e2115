// A message that is too far back for the conversation, with those before and after it.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { HistoryPage } from "party-client";
import type { MessageBody } from "../protocol.ts";
import type { RoomSession } from "../room-session.ts";
import { Avatar, hue } from "./avatar.tsx";
import { DayAndTime } from "./day.tsx";
import { FilePlace } from "./file-place.tsx";
import { FileView } from "./file-view.tsx";
import { Formatted } from "./formatted.tsx";
import { useValue } from "./use-value.ts";

type Old = HistoryPage<MessageBody>["items"][number];

/** The number of messages that are shown on each side. */
const AROUND = 8;

export function Neighbours({ session, seq }: { session: RoomSession; seq: number }) {
  const messages = useNeighbours(session, seq);
  const { status } = useValue(session.connection);
  if (!Array.isArray(messages)) {
    const waiting = status === "connected" ? texts.lookingForMessage : texts.messageWaits;
    return (
      <p class="search-note" role="status">
        {messages ?? waiting}
      </p>
    );
  }
  return (
    <ol class="neighbours" aria-label={texts.messages} tabIndex={0}>
      {messages.map((message) => (
        <OldMessage key={message.seq} session={session} message={message} found={message.seq === seq} />
      ))}
    </ol>
  );
}

/** Returns the messages, or why there are none; `undefined` while they are fetched. */
function useNeighbours({ room }: RoomSession, seq: number): Old[] | string | undefined {
  const [messages, setMessages] = useState<Old[] | string | undefined>(undefined);
  useEffect(() => {
    let left = false;
    const set = (messages: Old[] | string) => !left && setMessages(messages);
    Promise.all([room.history({ before: seq + 1 }), room.history({ after: seq })]).then(
      ([before, after]) => {
        const said = (items: readonly Old[]) => items.filter(({ body }) => body);
        const old = [...said(before.items).slice(-AROUND - 1), ...said(after.items).slice(0, AROUND)];
        set(old.some((message) => message.seq === seq) ? old : texts.messageGone);
      },
      () => set(texts.messageNotFetched),
    );
    return () => void (left = true);
  }, [room, seq]);
  return messages;
}

type OldMessageProps = { session: RoomSession; message: Old; found: boolean };

function OldMessage({ session, message: { author, at, body }, found }: OldMessageProps) {
  const item = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (found) item.current?.scrollIntoView({ block: "center" });
  }, [found]);
  return (
    <li ref={item} class="old" aria-current={found || undefined} style={{ "--hue": hue(author) }}>
      <Avatar name={body?.user ?? ""} member={author} />
      <span class="hit-head">
        <bdi class="name">{body?.user}</bdi>
        <DayAndTime at={at} />
      </span>
      <div class="old-text" dir="auto">
        {body?.file && (
          <FilePlace file={body.file}>
            <FileView file={body.file} session={session} />
          </FilePlace>
        )}
        <Formatted text={body?.content ?? ""} session={session} />
      </div>
    </li>
  );
}
