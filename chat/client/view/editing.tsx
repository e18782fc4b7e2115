// Editing a message in the input, which says so over it. The draft from before comes back afterwards.
import { h, type RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomSession } from "../room-session.ts";
import type { Message } from "../room-types.ts";
import { Icon } from "./icons.tsx";

type EditingProps = {
  session: RoomSession;
  item: Message;
  input: RefObject<HTMLTextAreaElement | null>;
  text: string;
  setText: (text: string) => void;
};

export function Editing({ session, item, input, text, setText }: EditingProps) {
  const draft = useRef(text);
  const write = (text: string) => {
    setText(text);
    input.current?.focus();
  };
  useLayoutEffect(() => write(item.body?.content ?? draft.current), [item]);
  useLayoutEffect(() => () => write(draft.current), []);
  return (
    <div class="editing" role="status">
      <Icon name="edit" />
      <p>Editing your message</p>
      <button type="button" class="button" aria-label="Cancel editing" onClick={() => (session.editing.value = undefined)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/**
 * Escape ends the editing or the reply; the arrow up in an empty input begins it, with the reader's last message that everyone has.
 */
export function editByKey(event: KeyboardEvent, { room, editing, replying }: RoomSession, text: string): void {
  if (event.key === "Escape") editing.value = replying.value = undefined;
  if (event.key !== "ArrowUp" || text !== "" || editing.value) return;
  event.preventDefault();
  const me = room.you.value?.member;
  editing.value = room.log.value.items.findLast(({ author, seq, body }) => author === me && seq !== undefined && body);
}
