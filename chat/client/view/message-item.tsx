// One message: who, when, what, and for one of our own whether it has arrived.
import { useMemo } from "preact/hooks";
import { hueOf } from "../colour.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import type { Clock } from "../time.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { RichText } from "./rich-text.tsx";

type MessageItemProps = { row: MessageRow; clock: Clock; session: RoomSession };

/** Kept as it is until something about it changes, so that a new message costs the same in a long conversation as in a short one. */
export function MessageItem({ row, clock, session }: MessageItemProps) {
  const { message, mine, state, failure, first, last } = row;
  return useMemo(() => <Article row={row} clock={clock} session={session} />, [message, mine, state, failure, first, last, session]);
}

function Article({ row, clock, session }: MessageItemProps) {
  const { message, mine, state, first, last } = row;
  return (
    <article
      class="message"
      data-id={message.id}
      data-state={state}
      data-mine={mine}
      data-first={first}
      data-last={last}
      style={{ "--hue": hueOf(message.user) }}
    >
      {first && !mine && <Avatar name={message.user} />}
      <Byline row={row} clock={clock} />
      <div class="bubble" dir="auto">
        <RichText text={message.content} />
      </div>
      {state === "sending" && <p class="sending">{session.connection.value === "connected" ? "Sending…" : "Waiting to send"}</p>}
      {state === "failed" && <Failure row={row} session={session} />}
    </article>
  );
}

/** Name and time. In a run only the first shows its name; the others keep it for those who hear the page instead of seeing it. */
function Byline({ row: { message, mine, first }, clock }: { row: MessageRow; clock: Clock }) {
  const shown = first && !mine;
  return (
    <div class={first ? "byline" : "byline aside"}>
      <bdi class={shown ? "name" : "visually-hidden"}>{mine ? "You" : message.user}</bdi>
      {shown && message.role === "assistant" && <span class="tag">assistant</span>}
      {message.at !== undefined && (
        <time dateTime={new Date(message.at).toISOString()} title={clock.full(message.at)}>
          {clock.time(message.at)}
        </time>
      )}
    </div>
  );
}

function Failure({ row, session }: { row: MessageRow; session: RoomSession }) {
  // The buttons go when they are used. The focus must not go with them: it stays in the conversation.
  const use = (act: (id: string) => void) => (event: MouseEvent) => {
    (event.currentTarget as HTMLElement).closest<HTMLElement>("[role=log]")?.focus();
    act(row.message.id);
  };
  return (
    <div class="failure">
      <p>
        <Icon name="alert" />
        Not sent. {row.failure}
      </p>
      <button type="button" class="text-button" onClick={use(session.retry)}>
        Retry
      </button>
      <button type="button" class="text-button" onClick={use(session.discard)}>
        Discard
      </button>
    </div>
  );
}
