// The words of deleted messages that follow each other: how many, and who has deleted them.
import * as texts from "#texts/first.ts";
import { Fragment, h } from "preact";
import { deletedText } from "../deleted-text.ts";
import type { RoomSession } from "../room-session.ts";
import type { DeletedRow } from "../rows.ts";
import { useValue } from "./use-value.ts";

export function Deleted({ row, session }: { row: DeletedRow; session: RoomSession }) {
  useValue(session.room.presence); // It may have the name of who deleted it.
  return <>{deletedText(session, row) ?? texts.deletedMessages(row.count)}</>;
}
