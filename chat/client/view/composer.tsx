// Where one writes: Enter sends, Shift+Enter breaks the line, and the limit shows itself only when it is near. Messages
// are edited here, too.
import { h } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { displayName } from "../identity.ts";
import { isolated } from "../isolated.ts";
import { lazy } from "../lazy.ts";
import { bytesLeft, tidy } from "../message-text.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";
import { Lazy } from "./lazy.tsx";
import { TOUCH } from "./touch.ts";
import { useValue } from "./use-value.ts";

const TYPING = "typing";

type ComposerProps = { session: RoomSession; silent: boolean; hidden: boolean };

export function Composer({ session, silent, hidden }: ComposerProps) {
  const { room } = session;
  const input = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const editing = useValue(session.editing);
  const replying = useValue(session.replying);
  const name = useValue(displayName);
  const later = useValue(lazy);
  const left = bytesLeft(tidy(text));
  const sendable = !silent && left >= 0 && tidy(text) !== "";

  useEffect(() => {
    if (!TOUCH) input.current?.focus();
  }, [hidden]);
  useEffect(() => later?.grow(input.current), [text, later]);

  const type = (typed: string) => {
    setText(typed);
    if (typed === "" || editing) room.end(TYPING);
    else room.signal(TYPING);
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (!sendable || !session.say(text)) return;
    room.end(TYPING);
    if (!editing) setText("");
    input.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (composes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !TOUCH) send(event);
    else later?.editByKey(event, session, text);
  };
  return (
    <form class="composer" hidden={hidden} onSubmit={send}>
      {editing && <Lazy>{({ Editing }) => <Editing {...{ session, item: editing, input, text, setText }} />}</Lazy>}
      {replying && !editing && <Lazy>{({ Replying }) => <Replying {...{ session, item: replying, input }} />}</Lazy>}
      <div class="composer-box">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          aria-label="Message"
          aria-describedby="composer-note"
          aria-invalid={left < 0}
          placeholder={silent ? "You may not write at the moment" : `Message as ${isolated(name)}`}
          disabled={silent}
          enterkeyhint={TOUCH ? "enter" : "send"}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={press}
          onBlur={() => room.end(TYPING)}
        />
        <button type="submit" class="send" aria-label={editing ? "Save" : "Send"} title={editing ? "Save" : "Send"} disabled={!sendable}>
          <Icon name={editing ? "check" : "up"} />
        </button>
      </div>
      <p id="composer-note" class="composer-note" data-over={left < 0}>
        {later?.inputNote(left, !TOUCH && !silent, editing)}
      </p>
    </form>
  );
}

/**
 * Returns whether the key belongs to an input method, which uses Enter and Escape itself. Safari shows that only by key
 * code 229.
 */
function composes(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
