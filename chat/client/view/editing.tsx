// Editing a message in the input, which says so over it. The draft from before comes back afterwards.
import * as texts from "#texts/conversation.ts";
import { h, type RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import type { Message } from "../room-types.ts";
import { askToDelete } from "./action-menu.tsx";
import { Icon } from "./icons.tsx";

type EditingProps = { session: RoomSession; seq: number; input: RefObject<HTMLTextAreaElement | null> };

export function Editing({ session, seq, input }: EditingProps) {
  const focus = () => input.current?.focus();
  useLayoutEffect(focus, [seq]);
  useLayoutEffect(() => focus, []);
  return (
    <div class="editing" role="status">
      <Icon name="edit" />
      <p>{texts.editing}</p>
      <button type="button" class="button" aria-label={texts.cancelEditing} onClick={() => endEditing(session)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Begins to edit a message. */
export function beginEditing({ draft }: RoomSession, { seq, body }: Message): void {
  if (seq !== undefined && body) draft.value = { ...draft.value, edit: { seq, text: body.content } };
}

/** Leaves the message that is being edited as it is. */
export function endEditing({ draft }: RoomSession): void {
  if (draft.value.edit) draft.value = { ...draft.value, edit: undefined };
}

/** Saves a message without text: one with a file has none then, and of another nothing is left. */
export function saveEmpty(session: RoomSession, seq: number): void {
  if (session.room.log.value.items.find((item) => item.seq === seq)?.body?.file) session.say();
  else askToDelete(session, seq);
}

/** Begins to answer a message. */
export function beginReply({ draft }: RoomSession, { seq }: Message): void {
  if (seq !== undefined) draft.value = { ...draft.value, edit: undefined, replyTo: seq };
}

/** Answers nothing: what is written stays. */
export function endReply({ draft }: RoomSession): void {
  if (draft.value.replyTo !== undefined) draft.value = { ...draft.value, replyTo: undefined };
}

/**
 * Escape ends the editing or the reply; the arrow up in an empty input begins editing, with the reader's last message
 * that everyone has.
 */
export function editByKey(event: KeyboardEvent, session: RoomSession, text: string): void {
  if (event.key === "Escape") (session.draft.value.edit ? endEditing : endReply)(session);
  if (event.key !== "ArrowUp" || text !== "" || session.draft.value.edit) return;
  event.preventDefault();
  const { you, log } = session.room;
  const last = log.value.items.findLast(({ author, seq, body }) => author === you.value?.member && seq !== undefined && body);
  if (last) beginEditing(session, last);
}
