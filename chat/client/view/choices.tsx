// What one can do with a message or a member, and the list to choose it from.
import { Fragment, h } from "preact";
import { deedsTo, type Choice, type Deed } from "../moderation.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";

type ChoicesProps = { choices: readonly Choice[]; role?: "menuitem" };

/** The list, in a popover that closes when something is chosen. */
export function Choices({ choices, role }: ChoicesProps) {
  return (
    <>
      {choices.map(({ label, danger, run }) => (
        <button
          key={label}
          type="button"
          class="choice"
          role={role}
          data-danger={danger}
          onClick={({ currentTarget }) => {
            currentTarget.closest<HTMLElement>("[popover]")?.hidePopover();
            run();
          }}
        >
          {label}
        </button>
      ))}
    </>
  );
}

/** For moderators: what can be done to a member. */
export function choicesAbout(session: RoomSession, member: string, name: string): Choice[] {
  const here = session.room.presence.value.members?.get(member)?.data;
  return deedsTo(name, here, Date.now()).map((deed) => {
    const { label, warning: text } = deed;
    const run = () => moderate(session, deed, member);
    if (text === undefined) return { label, run };
    return { label, danger: true, run: () => (session.question.value = { title: `Ban ${name}?`, text, yes: "Ban", run }) };
  });
}

function moderate({ room, notice }: RoomSession, { action, seconds, done, undo }: Deed, member: string): void {
  if (!room.moderate(action, member, seconds)) notice.value = { text: "There is no connection. Try again when it is back." };
  else {
    const takeBack = () => void (undo && room.moderate(undo, member) && (notice.value = undefined));
    notice.value = { text: done, ...(undo && { action: { label: "Undo", run: takeBack } }) };
  }
}

/** What can be done with a message and, for moderators, to its author. */
export function choicesOn(session: RoomSession, { item, line, mine }: MessageRow): Choice[] {
  const { seq, author } = item;
  if (seq === undefined || author === undefined) return [];
  const remove: Choice = {
    label: "Delete message…",
    danger: true,
    run: () => {
      const text = "It is gone for everyone, and cannot be brought back.";
      session.question.value = { title: "Delete this message?", text, yes: "Delete", run: () => void session.room.delete(seq) };
    },
  };
  if (!mine) return [remove, ...choicesAbout(session, author, line.user)];
  return [{ label: "Edit message", run: () => (session.editing.value = item) }, remove];
}
