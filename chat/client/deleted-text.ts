// Which member has deleted messages, in a sentence.
import * as texts from "#texts/conversation.ts";
import { isolated } from "./isolated.ts";
import { memberName } from "./member-name.ts";
import type { RoomSession } from "./room-session.ts";
import type { DeletedRow } from "./rows.ts";

/** The author of deletions by an operator of the app. */
const OPERATOR = "operator";

/** Returns the sentence, unless the room does not know who it was. */
export function deletedText(visit: { room: Pick<RoomSession["room"], "log" | "presence" | "you"> }, row: DeletedRow): string | undefined {
  const { by, byAuthor, count, mine } = row;
  if (!by) return undefined;
  if (by === visit.room.you.value?.member) return texts.youDeleted(count);
  const name = memberName(visit.room, by);
  const who = name === undefined ? nameless(by, byAuthor) : byAuthor ? isolated(name) : texts.moderatorNamed(isolated(name));
  return mine && !byAuthor ? texts.deletedYours(who, count) : texts.deletedBy(who, count);
}

function nameless(by: string, byAuthor: boolean): string {
  if (byAuthor) return texts.theAuthor;
  return by === OPERATOR ? texts.anOperator : texts.aModerator;
}
