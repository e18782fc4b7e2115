// The actions on a message or a member, and their menu.
import * as texts from "#texts/conversation.ts";
import * as roomTexts from "#texts/room.ts";
import { RoomError, type Action } from "party-client";
import { Fragment, h } from "preact";
import { changeRoom } from "../about.ts";
import { bansOf, forgetBan, noteBan } from "../bans.ts";
import { copyText } from "../clipboard.ts";
import { isolated } from "../isolated.ts";
import { messageLink } from "../message-link.ts";
import { actionsOn, type Choice, type MemberAction } from "../moderation.ts";
import type { RoomSession } from "../room-session.ts";
import type { MessageRow } from "../rows.ts";
import { beginEditing, beginReply, endEditing } from "./editing.tsx";

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
  const banned = bansOf(session.name).value.some((one) => one.member === member);
  const byInvitation = session.room.shared.value?.invitation !== undefined;
  return actionsOn(name, here, session.room.now(), banned, byInvitation).map((action) => {
    const { label, warning: text } = action;
    const run = () => void moderate(session, action, member, name);
    if (text === undefined) return { label, run };
    return { label, danger: true, run: () => (session.question.value = { title: roomTexts.askToBan(isolated(name)), text, yes: roomTexts.confirmBan, run }) };
  });
}

/** Sends an action, and shows the moderator the result. */
async function moderate(session: RoomSession, { action, seconds, done, undo }: MemberAction, member: string, name: string): Promise<void> {
  const { room, notice } = session;
  const send = async (action: Action, seconds?: number) => {
    try {
      await room.moderate(action, member, seconds).done;
    } catch (error) {
      if (!(error instanceof RoomError)) throw error;
      notice.value = { error, about: "member" };
      return false;
    }
    if (action === "ban") noteBan(session.name, { member, name });
    if (action === "unban") forgetBan(session.name, member);
    return true;
  };
  const takeBack = async () => void (undo && (await send(undo)) && (notice.value = undefined));
  if (!(await send(action, seconds))) return;
  notice.value = { text: done, done: true, ...(undo && { action: { label: texts.undo, run: () => void takeBack() } }) };
}

/** Asks whether a message shall be deleted, and then does it. */
export function askToDelete(session: RoomSession, seq: number): void {
  const run = () => {
    session.room.delete(seq);
    if (session.draft.value.edit?.seq === seq) endEditing(session);
  };
  session.question.value = { title: texts.askToDelete, text: texts.deleteWarning, yes: texts.confirmDelete, run };
}

/** Returns what can be done with a message: what everyone can, and what the reader may. */
export function choicesOn(session: RoomSession, row: MessageRow): Choice[] {
  const [answer, ...others] = row.menu ? changesOf(session, row) : [];
  return [...(answer ? [answer] : []), ...copyChoices(session, row), ...others];
}

/**
 * Copies the text as it was written, so that it can be sent again as it was. Selecting copies what one sees: formatted
 * words, without the marks. The link leads to the message in this room.
 */
function copyChoices({ name, notice }: RoomSession, { body, item: { seq } }: MessageRow): Choice[] {
  const copy = async (text: string) => {
    if (!(await copyText(text))) notice.value = { text: texts.cannotCopy };
  };
  const choices: Choice[] = [];
  if (body.content !== "") choices.push({ label: texts.copyText, run: () => void copy(body.content) });
  if (seq !== undefined) choices.push({ label: texts.copyLink, run: () => void copy(messageLink(name, seq)) });
  return choices;
}

/** Returns the actions on a message and, for moderators, on its author. */
function changesOf(session: RoomSession, { item, body, mine }: MessageRow): Choice[] {
  const { seq, author } = item;
  if (seq === undefined || author === undefined) return [];
  const remove: Choice = { label: texts.deleteMessage, danger: true, run: () => askToDelete(session, seq) };
  const answer: Choice = { label: texts.reply, run: () => beginReply(session, item) };
  const pins = session.room.shared.value?.pins ?? [];
  const pin: Choice = pins.includes(seq)
    ? { label: texts.unpinMessage, run: () => void changeRoom(session, { unpin: seq }) }
    : { label: texts.pinMessage, run: () => void changeRoom(session, { pin: seq }) };
  const moderates = session.room.you.value?.role === "moderator";
  if (mine) return [answer, { label: texts.editMessage, run: () => beginEditing(session, item) }, ...(moderates ? [pin] : []), remove];
  return moderates ? [answer, pin, ...choicesAbout(session, author, body.user), remove] : [answer];
}
