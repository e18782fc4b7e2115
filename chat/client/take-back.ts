// Text that the room has not accepted goes back into the input: nobody writes it again.
import type { Pending } from "party-client";
import type { MessageDraft } from "./protocol.ts";
import type { RoomSession } from "./room-session.ts";

type Frame = Pending<MessageDraft>["frame"];

/** Returns whether an operation has a text. */
export function hasText({ type }: Frame): boolean {
  return type === "append" || type === "edit";
}

/** Puts the text of an operation back into the input. That of a message comes before what is written there already. */
export function takeBack({ draft }: RoomSession, frame: Frame): void {
  const { text, edit } = draft.value;
  if (frame.type === "append") draft.value = { text: joined(frame.body.content, text), edit };
  if (frame.type === "edit") draft.value = { text, edit: { seq: frame.target, text: frame.body.content } };
}

/** Puts the text of a change back into the input as a message of its own: there is nothing to change any more. */
export function takeBackAsMessage({ draft }: RoomSession, content: string): void {
  draft.value = { ...draft.value, text: joined(content, draft.value.text) };
}

function joined(before: string, after: string): string {
  return after === "" ? before : `${before}\n\n${after}`;
}
