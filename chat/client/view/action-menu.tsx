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

/** Returns the actions on a message and, for moderators, on its author. */
export function choicesOn(session: RoomSession, { item, body, mine }: MessageRow): Choice[] {
  const { seq, author } = item;
  if (seq === undefined || author === undefined) return [];
  const { room, question, notice, editing, replying } = session;
  const moderates = room.you.value?.role === "moderator";
  const answer = () => {
    editing.value = undefined;
    replying.value = item;
  };
  const copy = async () => {
    const copied = await copyText(body.content);
    notice.value = { text: copied ? "The text is copied." : "This browser does not let us copy." };
  };
  const remove: Choice = {
    label: "Delete message…",
    danger: true,
    run: () => {
      const text = "It is gone for everyone, and cannot be brought back.";
      question.value = { title: "Delete this message?", text, yes: "Delete", run: () => void room.delete(seq) };
    },
  };
  return [
    { label: "Reply", run: answer },
    { label: "Copy text", run: () => void copy() },
    ...(mine ? [{ label: "Edit message", run: () => (editing.value = item) }] : []),
    ...(mine || moderates ? [remove] : []),
    ...(!mine && moderates ? choicesAbout(session, author, body.user) : []),
  ];
}
