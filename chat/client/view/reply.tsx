// Replies: the message that one answers, above the answer and above the input.
import * as texts from "#texts/conversation.ts";
import { h, type RefObject } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { answeredMessage, type Answered } from "../answered.ts";
import { excerptOf } from "../excerpt.ts";
import { jumpTo } from "../jump.ts";
import type { RoomSession } from "../room-session.ts";
import type { Message } from "../room-types.ts";
import { hue } from "./avatar.tsx";
import { endReply } from "./editing.tsx";
import { Icon } from "./icons.tsx";
import { useValue } from "./use-value.ts";

type AnsweredProps = { session: RoomSession; seq: number; item: Message | undefined };

/** Shows which message another one answers. `item` is that message, if it is among those that are loaded. */
export function AnsweredMessage({ session, seq, item }: AnsweredProps) {
  if (item) return <Quote session={session} seq={seq} answered={item.body ? item : null} />;
  return <FarMessage session={session} seq={seq} />;
}

function FarMessage({ session, seq }: { session: RoomSession; seq: number }) {
  const answered = useValue(useMemo(() => answeredMessage(session.room, seq), [session, seq]));
  return <Quote session={session} seq={seq} answered={answered} />;
}

function Quote({ session, seq, answered }: { session: RoomSession; seq: number; answered: Answered | undefined }) {
  if (!answered?.body) return <p class="quote">{answered === null ? texts.messageDeleted : "…"}</p>;
  return (
    <button
      type="button"
      class="quote"
      style={{ "--hue": hue(answered.author) }}
      onClick={(event) => {
        event.stopPropagation(); // The bubble around it opens the menu on a phone.
        void jumpTo(session, seq);
      }}
    >
      <span class="visually-hidden">{texts.answers}</span>
      <bdi class="name">{answered.body.user}</bdi>
      <span dir="auto">{excerptOf(answered.body)}</span>
    </button>
  );
}

type ReplyingProps = { session: RoomSession; seq: number; input: RefObject<HTMLTextAreaElement | null> };

/** Shows above the input which message will be answered. */
export function Replying({ session, seq, input }: ReplyingProps) {
  useLayoutEffect(() => input.current?.focus(), [seq]);
  const item = useValue(session.room.log).items.find((item) => item.seq === seq);
  return (
    <div class="editing replying" role="status">
      <Icon name="reply" />
      {item ? <Preview answered={item} /> : <FarPreview session={session} seq={seq} />}
      <button type="button" class="button" aria-label={texts.cancelReply} onClick={() => endReply(session)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function FarPreview({ session, seq }: { session: RoomSession; seq: number }) {
  return <Preview answered={useValue(useMemo(() => answeredMessage(session.room, seq), [session, seq]))} />;
}

function Preview({ answered }: { answered: Answered | undefined }) {
  if (!answered?.body) return <p>{answered === undefined ? texts.reply : texts.replyToDeleted}</p>;
  return (
    <p>
      <span>{texts.replyTo(<bdi>{answered.body.user}</bdi>)}</span>
      <span class="excerpt" dir="auto">
        {excerptOf(answered.body)}
      </span>
    </p>
  );
}
