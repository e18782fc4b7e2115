// The status under an own message that is not in the log yet: on its way, or refused, with the reason and the actions.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { hasText, takeBack } from "../take-back.ts";
import { Icon } from "./icons.tsx";
import type { MessageItemProps } from "./message-item.tsx";
import { Reason } from "./reason.tsx";
import { useValue } from "./use-value.ts";

export function DeliveryStatus({ row, session }: MessageItemProps) {
  return row.state === "sending" ? <Sending row={row} session={session} /> : <Failure row={row} session={session} />;
}

function Sending({ row: { item }, session }: MessageItemProps) {
  const connected = useValue(session.connection).status === "connected";
  const word = item.pending?.frame.type === "append" ? [texts.sending, texts.waitingToSend] : [texts.saving, texts.waitingToSave];
  return <p class="sending">{word[connected ? 0 : 1]}</p>;
}

function Failure({ row: { item }, session }: MessageItemProps) {
  const { room, notice } = session;
  const { frame, error } = item.pending ?? {};
  if (!frame || !error) return null;
  // The buttons go when they are used. The focus must not go with them: it stays in the conversation.
  const use = (act: () => void) => (event: MouseEvent) => {
    (event.currentTarget as HTMLElement).closest<HTMLElement>("[role=log]")?.focus();
    act();
  };
  const edit = () => {
    room.discard(frame.id);
    takeBack(session, frame);
    focusInput();
  };
  const discard = () => {
    room.discard(frame.id);
    const undo = () => {
      takeBack(session, frame);
      notice.value = undefined;
      focusInput();
    };
    if (hasText(frame)) notice.value = { text: texts.discarded, action: { label: texts.undo, run: undo } };
  };
  return (
    <div class="failure">
      <p>
        <Icon name="alert" />
        {texts.notDone[frame.type]} <Reason error={error} about={frame.type === "append" && frame.body.file ? "file" : undefined} />
      </p>
      <span>
        <button type="button" class="text-button" onClick={use(() => room.retry(frame.id))}>
          {texts.retry}
        </button>
        {hasText(frame) && (
          <button type="button" class="text-button" onClick={use(edit)}>
            {texts.edit}
          </button>
        )}
        <button type="button" class="text-button" onClick={use(discard)}>
          {texts.discard}
        </button>
      </span>
    </div>
  );
}

function focusInput(): void {
  document.querySelector<HTMLElement>(".composer textarea")?.focus();
}
