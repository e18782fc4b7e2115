// The words of a message. They reach the page as text nodes only, so nothing in them is ever taken for markup. Until it
// is known how they are formatted they are plain text.
import { Fragment, h } from "preact";
import { lazy } from "../lazy.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

export function RichText(props: { text: string; session: RoomSession }) {
  const Formatted = useValue(lazy)?.Formatted;
  return Formatted ? <Formatted {...props} /> : <>{props.text}</>;
}
