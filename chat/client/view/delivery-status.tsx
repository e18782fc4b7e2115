// The status under an own message that is not in the log yet: on its way, or refused, with the reason and the actions.
import { h } from "preact";
import { sentence } from "../notices.ts";
import { Icon } from "./icons.tsx";
import type { MessageItemProps } from "./message-item.tsx";
import { useValue } from "./use-value.ts";

export function DeliveryStatus({ row, session }: MessageItemProps) {
  return row.state === "sending" ? <Sending row={row} session={session} /> : <Failure row={row} session={session} />;
}

function Sending({ row: { item }, session }: MessageItemProps) {
  const connected = useValue(session.connection).status === "connected";
  const word = item.pending?.frame.type === "append" ? ["Sending…", "Waiting to send"] : ["Saving…", "Waiting to save"];
  return <p class="sending">{word[connected ? 0 : 1]}</p>;
}

const NOT_DONE = { append: "Not sent", edit: "Not changed", delete: "Not deleted", command: "Not done" };

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
