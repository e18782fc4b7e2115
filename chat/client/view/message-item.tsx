// One message: who, when, what, and for one of our own whether it has arrived.
import { sentence } from "../notices.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import { clock } from "../time.ts";
import { Avatar, hue } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import { RichText } from "./rich-text.tsx";
import { TOUCH } from "./touch.ts";
import { useValue } from "./use-value.ts";

type MessageItemProps = { row: MessageRow; session: RoomSession };

export function MessageItem({ row, session }: MessageItemProps) {
  const { item, line, mine, state, menu, entry, first, last } = row;
  const open = ({ currentTarget }: { currentTarget: Element }) => (session.menu.value = { row, anchor: currentTarget });
  return (
    <article
      class="message"
      data-id={item.id}
      data-state={state}
      data-mine={mine}
      data-first={first}
      data-last={last}
      style={{ "--hue": hue(item.author) }}
    >
      {first && !mine && <Avatar name={line.user} member={item.author} />}
      <Byline row={row} />
      {/* On a touch screen there is no room for buttons that show when they are pointed at: there one taps the message itself. */}
      <div
        class="bubble"
        dir="auto"
        data-edited={item.edited !== undefined}
        onClick={TOUCH && menu ? (event) => isIdle(event) && open(event) : undefined}
      >
        <RichText text={line.content} />
      </div>
      {menu && (
        <button type="button" class="more" aria-label="Message actions" aria-haspopup="menu" tabIndex={entry ? 0 : -1} onClick={open}>
          <Icon name="more" />
        </button>
      )}
      {state === "sending" && <Sending row={row} session={session} />}
      {state === "failed" && <Failure row={row} session={session} />}
    </article>
  );
}

/** Is this a tap on the message, and not on a link in it or at the end of selecting text? */
function isIdle({ target }: MouseEvent): boolean {
  return !(target as Element).closest("a") && !getSelection()?.toString();
}

/** Name and time. In a run only the first shows its name; the others keep it for those who hear the page instead of seeing it. */
function Byline({ row: { item, line, mine, first } }: { row: MessageRow }) {
  const shown = first && !mine;
  // The whole date is for those who point at the time: written for all messages, it would delay the first.
  const tell = ({ currentTarget }: { currentTarget: HTMLElement }) => (currentTarget.title ||= clock.full(item.at));
  return (
    <div class={first ? "byline" : "byline aside"}>
      <bdi class={shown ? "name" : "visually-hidden"}>{mine ? "You" : line.user}</bdi>
      {shown && line.role === "assistant" && <span class="tag">assistant</span>}
      <time dateTime={new Date(item.at).toISOString()} onMouseEnter={tell}>
        {clock.time(item.at)}
      </time>
    </div>
  );
}

function Sending({ row: { item }, session }: MessageItemProps) {
  const connected = useValue(session.line).status === "connected";
  const word = item.pending?.frame.type === "append" ? ["Sending…", "Waiting to send"] : ["Saving…", "Waiting to save"];
  return <p class="sending">{word[connected ? 0 : 1]}</p>;
}

const NOT_DONE = { append: "Not sent", edit: "Not changed", delete: "Not deleted" };

function Failure({ row: { item }, session: { room } }: MessageItemProps) {
  const { frame, error } = item.pending ?? {};
  if (!frame || !error) return null;
  // The buttons go when they are used. The focus must not go with them: it stays in the conversation.
  const use = (act: (id: string) => void) => (event: MouseEvent) => {
    (event.currentTarget as HTMLElement).closest<HTMLElement>("[role=log]")?.focus();
    act(frame.id);
  };
  return (
    <div class="failure">
      <p>
        <Icon name="alert" />
        {NOT_DONE[frame.type]}. {sentence(error.message)}
      </p>
      <span>
        <button type="button" class="text-button" onClick={use((id) => room.retry(id))}>
          Retry
        </button>
        <button type="button" class="text-button" onClick={use((id) => room.discard(id))}>
          Discard
        </button>
      </span>
    </div>
  );
}
