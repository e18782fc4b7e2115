// One message: its author, time and text, and for an own message whether it has arrived.
import * as texts from "#texts/first.ts";
import { h } from "preact";
import { isolated } from "../isolated.ts";
import { lazy } from "../lazy.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import { Avatar, hue } from "./avatar.tsx";
import { FilePlace } from "./file-place.tsx";
import { Icon } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { RichText } from "./rich-text.tsx";
import { useValue } from "./use-value.ts";

export type MessageItemProps = { row: MessageRow; session: RoomSession };

export function MessageItem({ row, session }: MessageItemProps) {
  const { item, body, mine, state, menu, entry, first, last } = row;
  const { file } = body;
  const clock = useValue(lazy)?.clock;
  const open = ({ currentTarget }: { currentTarget: Element }) => (session.menu.value = { row, anchor: currentTarget });
  return (
    <article
      class="message"
      aria-label={texts.messageBy(mine ? texts.you : isolated(body.user), clock?.time(item.at) ?? "")}
      data-id={item.id}
      data-state={state}
      data-mine={mine}
      data-first={first}
      data-last={last}
      style={{ "--hue": hue(item.author) }}
    >
      {first && !mine && <Avatar name={body.user} member={item.author} />}
      <Byline session={session} row={row} />
      {/* On a touch screen there is no room for buttons that show when they are pointed at: there one taps the message itself.
          What opens also has its time. */}
      <div
        class="bubble"
        dir="auto"
        data-edited={body.edited && texts.edited}
        onClick={(event) => lazy.value?.isTap(event) && open(event)}
      >
        {body.replyTo !== undefined && (
          <Lazy>{({ AnsweredMessage }) => <AnsweredMessage session={session} seq={body.replyTo ?? 0} item={row.answered} />}</Lazy>
        )}
        {file && (
          <FilePlace file={file}>
            <Lazy>{({ FileView }) => <FileView file={file} session={session} />}</Lazy>
          </FilePlace>
        )}
        <RichText text={body.content} session={session} />
      </div>
      {menu && (
        <button type="button" class="more" aria-label={texts.messageActions} aria-haspopup="menu" tabIndex={entry ? 0 : -1} onClick={open}>
          <Icon name="more" />
        </button>
      )}
      {item.seq !== undefined && <Lazy>{({ Reactions }) => <Reactions session={session} row={row} />}</Lazy>}
      {state !== "sent" && <Lazy>{({ DeliveryStatus }) => <DeliveryStatus row={row} session={session} />}</Lazy>}
    </article>
  );
}

/**
 * Shows name and time. In a run only the first shows its name; the others keep it for screen readers. Those that begin
 * a minute show their time.
 */
function Byline({ session, row: { item, body, mine, first, minute } }: { session: RoomSession; row: MessageRow }) {
  const shown = first && !mine;
  const clock = useValue(lazy)?.clock;
  return (
    <div class={first ? "byline" : "byline aside"} data-minute={minute}>
      <bdi class={shown ? "name" : "visually-hidden"}>{mine ? texts.you : body.user}</bdi>
      {shown && <Lazy>{({ Namesake }) => <Namesake session={session} name={body.user} member={item.author ?? ""} />}</Lazy>}
      {shown && body.role === "assistant" && <span class="tag">{texts.assistant}</span>}
      <time dateTime={new Date(item.at).toISOString()}>
        {clock?.time(item.at)}
      </time>
    </div>
  );
}
