// Why something was refused: the page's own sentence, or the room's where the page has none.
import { Fragment, h } from "preact";
import { reasonOf, sentence, type Failure, type Subject } from "../notices.ts";

export function Reason({ error, about }: { error: Failure; about?: Subject | undefined }) {
  return <>{reasonOf(error, about) ?? <TextOfRoom text={error.message} />}</>;
}

/** Shows a text of the room, which is in English. */
export function TextOfRoom({ text }: { text: string }) {
  return <span lang="en">{sentence(text)}</span>;
}
