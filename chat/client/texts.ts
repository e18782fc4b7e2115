// All sentences about the room, the connection, the input, and notifications.
import type { Code, Me, State } from "party-client";
import { isolated } from "./isolated.ts";
import { sentence } from "./notices.ts";
import type { Permission } from "./notification-choice.ts";

/** Returns the text for a missing connection, with the reason that the room sent last. */
export function connectionText(connection: State, trouble: Code | undefined): string | undefined {
  if (connection.status === "offline") return "You are offline. Your messages are sent when you are online again.";
  if (connection.status === "connected" || connection.status === "closed") return undefined;
  if (trouble === "room_full") return "The room is full. You will join as soon as there is a place.";
  if (trouble === "slow_down") return "That was too much at once. The room lets you back in after a moment, and nothing is lost.";
  if (trouble === "no_welcome") return "The room does not answer. Trying again. Reloading the page may help.";
  return connection.status === "reconnecting" ? "The connection is lost. Your messages are sent when it is back." : undefined;
}

/** The text in the place of the input once the room has closed the connection. */
export type Closing = {
  title: string;
  text: string;
  again: string;
  /** The text when it was tried, and nothing has changed. */
  still?: string;
};

const STILL_BANNED = "The ban is still in force.";

/** By the reason that the room gives. */
const REFUSALS: Record<string, Omit<Closing, "title">> = {
  "A moderator removed you": { text: "You can join again.", again: "Join again" },
  "A moderator banned you": {
    text: "You cannot join this room unless a moderator takes the ban back.",
    again: "Check again",
    still: STILL_BANNED,
  },
  "A moderator banned somebody who came from your address": {
    text:
      "The ban also keeps out others who come from the same address, such as the same household or office. " +
      "Ask a moderator of the room to take it back.",
    again: "Check again",
    still: STILL_BANNED,
  },
};

/** Returns why the room has closed the connection, and what to do. */
export function closing(code: number, reason: string): Closing {
  switch (code) {
    case 4403:
      return { title: reason || "The room does not let you in", ...(REFUSALS[reason] ?? { text: "", again: "Try again" }) };
    case 4409:
      return { title: "This room is open elsewhere", text: "A newer connection has taken the place of this one.", again: "Use it here" };
    case 4400:
      return { title: "This page is too old for the room", text: "Reload the page to continue.", again: "Try again" };
    case 4401:
      return { title: "The room does not know you any more", text: "You can join again as a new member.", again: "Join" };
    default:
      return { title: "The room has closed the connection", text: reason && sentence(reason), again: "Connect again" };
  }
}

/** Returns why the reader may not write, if so. `time` formats a time for people. */
export function silence(
  you: Me | undefined,
  locked: boolean | undefined,
  mutedUntil: number | undefined,
  time: (at: number) => string,
): string | undefined {
  if (you?.role === "reader") return "In this room you may read, but not write.";
  if (locked && you?.role !== "moderator") return "The room is locked: only moderators may write.";
  if (mutedUntil === undefined) return undefined;
  return `A moderator has muted you${Number.isFinite(mutedUntil) ? ` until ${time(mutedUntil)}` : ""}. You can read along.`;
}

const NEAR = 512;

/** Returns the note at the input: about the limit when it is near, otherwise about the keys. */
export function inputNote(left: number, keys: boolean, editing: unknown): string {
  if (left > NEAR) return !keys ? "" : editing ? "Enter saves, Escape cancels" : "Enter sends, Shift+Enter starts a new line";
  return left >= 0 ? `${left} ${bytes(left)} left` : `${-left} ${bytes(-left)} too long`;
}

function bytes(count: number): string {
  return count === 1 ? "byte" : "bytes";
}

/** Returns what is read out when a mention is typed that can become `count` people. */
export function mentionNote(count: number): string {
  return `${count} ${count === 1 ? "person" : "people"}. Arrow keys choose, Enter takes.`;
}

/**
 * Returns the text under the choice of notifications. `refused` says that the browser has asked, and got no answer.
 */
export function notificationNote(permission: Permission, refused: boolean): string {
  if (permission === "missing") return "This browser shows no notifications for this page.";
  if (permission === "denied") return "This browser blocks notifications from this page. You can allow them in its settings.";
  if (refused) return "Notifications are not allowed yet. Choose again to be asked again.";
  return "You get them only while this page is open, and not while you look at it. The choice is for all rooms.";
}

/** Returns the title of a notification. */
export function notificationTitle(author: string, room: string, mention: boolean): string {
  return `${isolated(author)} ${mention ? "mentions you in" : "in"} ${isolated(room)}`;
}
