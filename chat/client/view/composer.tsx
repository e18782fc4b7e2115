// Where one writes: Enter sends, Shift+Enter breaks the line, and the limit shows itself only when it is near.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { displayName } from "../identity.ts";
import { bytesLeft, limitNote, tidy } from "../message-text.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";

// On a touch keyboard there is no Shift+Enter: there Enter breaks the line, as phones' own messengers do, and the button sends.
const touch = matchMedia("(hover: none) and (pointer: coarse)").matches;
const growsByItself = CSS.supports("field-sizing", "content");

export function Composer({ session }: { session: RoomSession }) {
  const input = useRef<HTMLTextAreaElement>(null);
  const text = useSignal("");
  const left = bytesLeft(tidy(text.value));
  const note = limitNote(left);
  const sendable = left >= 0 && tidy(text.value) !== "";

  useEffect(() => {
    if (!touch) input.current?.focus();
  }, []);
  useEffect(() => grow(input.current), [text.value]);

  const send = (event: Event) => {
    event.preventDefault();
    if (!sendable) return;
    session.send(text.value);
    text.value = "";
    input.current?.focus();
  };
  return (
    <form class="composer" onSubmit={send}>
      <div class="composer-box">
        <textarea
          ref={input}
          rows={1}
          value={text.value}
          aria-label="Message"
          aria-describedby="composer-note"
          aria-invalid={left < 0}
          placeholder={`Message as ${displayName.value}`}
          enterkeyhint={touch ? "enter" : "send"}
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={(event) => sends(event) && send(event)}
        />
        <button type="submit" class="send" aria-label="Send" title="Send" disabled={!sendable}>
          <Icon name="up" />
        </button>
      </div>
      <p id="composer-note" class="composer-note" data-over={left < 0}>
        {note ?? (touch ? "" : "Enter sends, Shift+Enter starts a new line")}
      </p>
    </form>
  );
}

/** Is this the Enter that sends? While an input method composes, Enter belongs to it; Safari tells so by key code 229 only. */
function sends(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !touch && !event.isComposing && event.keyCode !== 229;
}

/** For browsers that cannot size an input by its content. The style sheet limits how far. */
function grow(input: HTMLTextAreaElement | null): void {
  if (!input || growsByItself) return;
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight}px`;
}
