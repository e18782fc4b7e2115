// One message: its author, time and text, and for an own message whether it has arrived.
import * as texts from "#texts/first.ts";
import { h } from "preact";
import { isolated } from "../isolated.ts";
import type { LazyBundle } from "../lazy.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import { Avatar, hue } from "./avatar.tsx";
import { FilePlace } from "./file-place.tsx";

export type MessageItemProps = { row: MessageRow; session: RoomSession };

/** `later` is what comes after the first message, given to all rows at once: a place for each would cost every row. */
type WholeProps = MessageItemProps & { later: LazyBundle | undefined };

export function MessageItem({ row, session, later }: WholeProps) {
  const { item, body, mine, state, menu, entry, first, last } = row;
  const { file } = body;
  const open = ({ currentTarget }: { currentTarget: Element }) => (session.menu.value = { row, anchor: currentTarget });
  return (
    <article
      class="message"
      aria-label={texts.messageBy(mine ? texts.you : isolated(body.user), later?.clock.time(item.at) ?? "")}
      data-id={item.id}
      data-state={state}
      data-mine={mine}
      data-first={first}
      data-last={last}
      style={{ "--hue": hue(item.author) }}
    >
      {first && !mine && <Avatar name={body.user} member={item.author} />}
      <Byline session={session} row={row} later={later} />
      {/* On a touch screen there is no room for buttons that show when they are pointed at: there one taps the message itself.
          What opens also has its time. */}
      <div
        class="bubble"
        dir="auto"
        data-edited={body.edited && texts.edited}
        onClick={(event) => later?.isTap(event) && open(event)}
      >
        {later && body.replyTo !== undefined && (
          <later.AnsweredMessage session={session} seq={body.replyTo} item={row.answered} />
        )}
        {file && <FilePlace file={file}>{later && <later.FileView file={file} session={session} />}</FilePlace>}
        {/* Its words reach the page as text nodes only, so nothing in them is ever taken for markup. */}
        {later ? <later.Formatted text={body.content} session={session} /> : body.content}
      </div>
      {menu && (
        <button type="button" class="more" aria-label={texts.messageActions} aria-haspopup="menu" tabIndex={entry ? 0 : -1} onClick={open} />
      )}
      {later && item.seq !== undefined && <later.Reactions session={session} row={row} />}
      {later && state !== "sent" && <later.DeliveryStatus row={row} session={session} />}
    </article>
  );
}

/**
 * Shows name and time. In a run only the first shows its name; the others keep it for screen readers. Those that begin
 * a minute show their time.
 */
function Byline({ session, row: { item, body, mine, first, minute }, later }: WholeProps) {
  const shown = first && !mine;
  return (
    <div class={first ? "byline" : "byline aside"} data-minute={minute}>
      <bdi class={shown ? "name" : "visually-hidden"}>{mine ? texts.you : body.user}</bdi>
      {later && shown && <later.Namesake session={session} name={body.user} member={item.author ?? ""} />}
      {shown && body.role === "assistant" && <span class="tag">{texts.assistant}</span>}
      <time dateTime={new Date(item.at).toISOString()}>
        {later?.clock.time(item.at)}
      </time>
    </div>
  );
}
