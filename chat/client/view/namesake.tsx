// A mark on a name that somebody else had before in this room.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { mentionsIn } from "../known-names.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

/** Shows "No. 2" for the second member that has this name. The first one that this page has met has no mark. */
export function Namesake({ session, name, member }: { session: RoomSession; name: string; member: string }) {
  const place = useValue(mentionsIn(session)).placeOf(name, member);
  return place > 1 ? (
    <span class="tag" title={texts.sameName}>
      {texts.namesake(place)}
    </span>
  ) : null;
}
