// The actions on a message or a member, and their menu.
import { RoomError } from "party-client";
import { Fragment, h } from "preact";
import { copyText } from "../clipboard.ts";
import { isolated } from "../isolated.ts";
import { actionsOn, type Choice, type MemberAction } from "../moderation.ts";
import { sentence } from "../notices.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";

type ChoicesProps = { choices: readonly Choice[]; role?: "menuitem" };

/** Shows the list, in a popover that closes when an action is chosen. */
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

/** Returns a moderator's actions on a member. */
export function choicesAbout(session: RoomSession, member: string, name: string): Choice[] {
  const here = session.room.presence.value.members?.get(member)?.data;
  return actionsOn(name, here, session.room.now()).map((action) => {
    const { label, warning: text } = action;
    const run = () => void moderate(session, action, member);
    if (text === undefined) return { label, run };
    return { label, danger: true, run: () => (session.question.value = { title: `Ban ${isolated(name)}?`, text, yes: "Ban", run }) };
  });
}

/** Sends an action, and shows the moderator the result. */
async function moderate({ room, notice }: RoomSession, { action, seconds, done, undo }: MemberAction, member: string): Promise<void> {
  const fail = (error: unknown) => {
    if (!(error instanceof RoomError)) throw error;
    notice.value = { text: error.code === "offline" ? "There is no connection. Try again when it is back." : sentence(error.message) };
  };
  const takeBack = () => undo && void room.moderate(undo, member).done.then(() => (notice.value = undefined), fail);
  await room.moderate(action, member, seconds).done.then(() => {
    notice.value = { text: done, ...(undo && { action: { label: "Undo", run: takeBack } }) };
  }, fail);
}

/** Returns what can be done with a message: what everyone can, and what the reader may. */
export function choicesOn(session: RoomSession, row: MessageRow): Choice[] {
  return [copyChoice(session, row), ...(row.menu ? changesOf(session, row) : [])];
}

/**
 * Copies the text as it was written, so that it can be sent again as it was. Selecting copies what one sees: formatted
 * words, without the marks.
 */
function copyChoice({ notice }: RoomSession, { body }: MessageRow): Choice {
  const copy = async () => {
    if (!(await copyText(body.content))) notice.value = { text: "This browser does not let us copy." };
  };
  return { label: "Copy text", run: () => void copy() };
}

/** Returns the actions on a message and, for moderators, on its author. */
function changesOf(session: RoomSession, { item, body, mine }: MessageRow): Choice[] {
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
  if (!mine) return [remove, ...choicesAbout(session, author, body.user)];
  return [{ label: "Edit message", run: () => (session.editing.value = item) }, remove];
}
