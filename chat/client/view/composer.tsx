// Where one writes: Enter sends, Shift+Enter breaks the line, and the limit shows itself only when it is near. Messages
// are edited here, too.
import * as texts from "#texts/first.ts";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { displayName } from "../identity.ts";
import { isolated } from "../isolated.ts";
import { lazy } from "../lazy.ts";
import { bytesLeft, tidy } from "../message-text.ts";
import type { RoomSession } from "../room-session.ts";
import { composes } from "./composes.ts";
import { Icon } from "./icons.tsx";
import { TOUCH } from "./touch.ts";
import { useValue } from "./use-value.ts";

const TYPING = "typing";

type ComposerProps = { session: RoomSession; silent: boolean; hidden: boolean };

export function Composer({ session, silent, hidden }: ComposerProps) {
  const { room } = session;
  const input = useRef<HTMLTextAreaElement>(null);
  const draft = useValue(session.draft);
  const { text, edit: editing } = draft.edit ? { ...draft, text: draft.edit.text } : draft;
  const name = useValue(displayName);
  const later = useValue(lazy);
  const left = bytesLeft(tidy(text));
  const empty = tidy(text) === "";
  const files = !editing && draft.files;
  // To leave nothing of a message is to delete it.
  const sendable = !silent && left >= 0 && (!empty || editing || files);

  useEffect(() => {
    // It could not have the focus before, which is nowhere then.
    if (!TOUCH && document.activeElement === document.body) input.current?.focus();
  }, [hidden, silent]);
  useEffect(() => later && input.current ? later.takeKeys(input.current) : undefined, [later]);
  useEffect(() => later?.grow(input.current), [text, later]);

  const action = editing ? texts.save : texts.send;
  const type = (typed: string) => {
    session.draft.value = editing ? { ...draft, edit: { ...editing, text: typed } } : { ...draft, text: typed };
    if (typed === "" || editing) room.end(TYPING);
    else room.signal(TYPING);
  };
  const send = (event: Event) => {
    event.preventDefault();
    if (!sendable) return;
    if (empty && editing) return later?.saveEmpty(session, editing.seq);
    if (!(files ? later?.sendFiles(session) : session.say())) return;
    room.end(TYPING);
    input.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (composes(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !TOUCH) send(event);
    else later?.editByKey(event, session, text);
  };
  return (
    <form class="composer" hidden={hidden} onSubmit={send}>
      {later && editing && <later.Editing session={session} seq={editing.seq} input={input} />}
      {later && draft.replyTo !== undefined && !editing && <later.Replying session={session} seq={draft.replyTo} input={input} />}
      {later && !silent && <later.MentionChoices session={session} input={input} />}
      {later && <later.Attachments session={session} input={input} silent={silent} />}
      <div class="composer-box">
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          value={text}
          aria-label={texts.message}
          aria-describedby="composer-note"
          aria-invalid={left < 0}
          placeholder={silent ? texts.mayNotWrite : texts.messageAs(isolated(name))}
          disabled={silent}
          enterkeyhint={TOUCH ? "enter" : "send"}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={press}
          onBlur={() => room.end(TYPING)}
        />
        {later && !silent && !editing && <later.AttachButton session={session} />}
        <button type="submit" class="send" aria-label={action} title={action} disabled={!sendable}>
          <Icon name={editing ? "check" : "up"} />
        </button>
      </div>
      <p id="composer-note" class="composer-note" data-over={left < 0}>
        {later?.inputNote(left, !TOUCH && !silent, editing)}
      </p>
    </form>
  );
}
