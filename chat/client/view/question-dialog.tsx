// A question before an action that cannot be undone. The browser's own dialog keeps the focus inside and closes on
// Escape.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question, RoomSession } from "../room-session.ts";

type QuestionDialogProps = { session: RoomSession; question: Question };

export function QuestionDialog({ session, question: { title, text, yes, run } }: QuestionDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const closed = () => {
    session.question.value = undefined;
    // The element that had the focus may be gone with the message. Then it stays in the conversation.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>("[role=log]")?.focus();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="question" closedby="any" onClose={closed}>
      <h2 id="question">{title}</h2>
      <p>{text}</p>
      <div class="dialog-end">
        <button type="button" class="button" onClick={close}>
          {texts.cancel}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            close();
            run();
          }}
        >
          {yes}
        </button>
      </div>
    </dialog>
  );
}
