// Asking before what cannot be undone. The browser's own dialog keeps the focus inside and closes on Escape.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Question, RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

export function QuestionDialog({ session }: { session: RoomSession }) {
  const question = useValue(session.question);
  return question ? <Asked question={question} onClose={() => (session.question.value = undefined)} /> : null;
}

function Asked({ question: { title, text, yes, run }, onClose }: { question: Question; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  const closed = () => {
    onClose();
    // What the focus came from may be gone with what was asked about. Then it stays in the conversation.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>("[role=log]")?.focus();
  };
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="question" closedby="any" onClose={closed}>
      <h2 id="question">{title}</h2>
      <p>{text}</p>
      <div class="dialog-end">
        <button type="button" class="button" onClick={close}>
          Cancel
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
