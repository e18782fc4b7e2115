// Which sentence fits: about the room, the connection, the input, and notifications.
import * as conversation from "#texts/conversation.ts";
import * as texts from "#texts/notices.ts";
import * as roomTexts from "#texts/room.ts";
import type { Code, Me, State } from "party-client";
import { isolated } from "./isolated.ts";
import type { Permission } from "./notification-choice.ts";

/** Returns the text for a missing connection, with the reason that the room sent last. */
export function connectionText(connection: State, trouble: Code | undefined): string | undefined {
  if (connection.status === "offline") return texts.offline;
  if (connection.status === "connected" || connection.status === "closed") return undefined;
  if (trouble === "room_full") return texts.roomFull;
  if (trouble === "slow_down") return texts.tooMuch;
  if (trouble === "no_welcome") return texts.noAnswer;
  return connection.status === "reconnecting" ? texts.lost : undefined;
}

/** The text in the place of the input once the room has closed the connection. */
export type Closing = {
  title: string;
  text: string;
  again: string;
  /** The text when it was tried, and nothing has changed. */
  still?: string;
  /** The reason of the room, where the page has no sentence for it. */
  reason?: string;
};

/** By the reason that the room gives. */
const REFUSALS: Record<string, Closing> = {
  "A moderator removed you": { title: texts.removed, text: texts.canJoinAgain, again: texts.joinAgain },
  "A moderator banned you": {
    title: texts.banned,
    text: texts.untilBanIsTakenBack,
    again: texts.checkAgain,
    still: texts.stillBanned,
  },
  "A moderator banned somebody who came from your address": {
    title: texts.addressBanned,
    text: texts.aboutAddressBan,
    again: texts.checkAgain,
    still: texts.stillBanned,
  },
  "This room is by invitation only": {
    title: texts.byInvitation,
    text: texts.askForLink,
    again: texts.tryAgain,
    still: texts.stillByInvitation,
  },
  "The invitation is not valid any more": {
    title: texts.invitationNotValid,
    text: texts.askForNewLink,
    again: texts.tryAgain,
    still: texts.stillNotValid,
  },
  "The room has let in too many members": { title: texts.tooManyLetIn, text: texts.askModerator, again: texts.tryAgain },
};

/** Returns why the room has closed the connection, and what to do. */
export function closing(code: number, reason: string): Closing {
  switch (code) {
    case 4403:
      return REFUSALS[reason] ?? { title: texts.notLetIn, text: "", reason, again: texts.tryAgain };
    case 4409:
      return { title: texts.openElsewhere, text: texts.replaced, again: texts.useItHere };
    case 4400:
      return { title: texts.pageTooOld, text: texts.reloadPage, again: texts.tryAgain };
    case 4401:
      return { title: texts.notKnown, text: texts.joinAsNew, again: texts.join };
    default:
      return { title: texts.closed, text: "", reason, again: texts.connectAgain };
  }
}

/** Returns why the reader may not write, if so. `time` formats a time for people. */
export function silence(
  you: Me | undefined,
  locked: boolean | undefined,
  mutedUntil: number | undefined,
  time: (at: number) => string,
): string | undefined {
  if (you?.role === "reader") return texts.onlyRead;
  if (locked && you?.role !== "moderator") return texts.locked;
  if (mutedUntil === undefined) return undefined;
  return Number.isFinite(mutedUntil) ? texts.mutedUntil(time(mutedUntil)) : texts.muted;
}

const NEAR = 512;

/** Returns the note at the input: about the limit when it is near, otherwise about the keys. */
export function inputNote(left: number, keys: boolean, editing: unknown): string {
  if (left > NEAR) return !keys ? "" : editing ? conversation.editingKeys : conversation.writingKeys;
  return left >= 0 ? conversation.bytesLeft(left) : conversation.bytesTooMany(-left);
}

/**
 * Returns the text under the choice of notifications. `refused` says that the browser has asked, and got no answer.
 */
export function notificationNote(permission: Permission, refused: boolean): string {
  if (permission === "missing") return texts.noNotifications;
  if (permission === "denied") return texts.notificationsBlocked;
  return refused ? texts.notAllowedYet : texts.whenNotified;
}

/** Returns the title of a notification. */
export function notificationTitle(author: string, room: string, mention: boolean): string {
  const title = mention ? roomTexts.mentionBy : roomTexts.notificationBy;
  return title(isolated(author), isolated(room));
}
