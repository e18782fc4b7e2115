// The members that are typing.
import { Fragment, h } from "preact";
import { typingText } from "../roster.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

export function Typing({ session: { room } }: { session: RoomSession }) {
  const text = typingText(useValue(room.signals), useValue(room.presence), useValue(room.you)?.member);
  return <>{text}</>;
}
