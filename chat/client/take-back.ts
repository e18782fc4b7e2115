// Text that the room has not accepted goes back into the input: nobody writes it again.
import type { Pending } from "party-client";
import { chosenBefore, type Chosen } from "./chosen.ts";
import type { MessageDraft } from "./protocol.ts";
import type { RoomSession } from "./room-session.ts";

type Frame = Pending<MessageDraft>["frame"];
type Drafts = Pick<RoomSession, "draft">;

/** Returns whether an operation has a text. */
export function hasText({ type }: Frame): boolean {
  return type === "append" || type === "edit";
}

/**
 * Puts the text of an operation back into the input, and the file of a message. They come before what is there already.
 */
export function takeBack(session: Drafts, frame: Frame): void {
  const { draft } = session;
  if (frame.type === "append") takeBackMessage(session, frame.body.content, chosenBefore(frame.body.file));
  if (frame.type === "edit") draft.value = { ...draft.value, edit: { seq: frame.target, text: frame.body.content } };
}

/** Puts a text and a file back into the input. */
export function takeBackMessage({ draft }: Drafts, content: string, file: Chosen | undefined): void {
  const { text, edit, files } = draft.value;
  draft.value = { text: joined(content, text), edit, files: file ? [file, ...(files ?? [])] : files };
}

/** Puts the text of a change back into the input as a message of its own: there is nothing to change any more. */
export function takeBackAsMessage({ draft }: Drafts, content: string): void {
  draft.value = { ...draft.value, text: joined(content, draft.value.text) };
}

function joined(before: string, after: string): string {
  return before === "" || after === "" ? before + after : `${before}\n\n${after}`;
}
