// The sentences that the reader is told about the room, the connection and the input.
import type { Code, Me, State } from "party-client";
import { sentence } from "./notices.ts";

/** That there is no connection, and why, by what the room sent last. */
export function connectionText(connection: State, trouble: Code | undefined): string | undefined {
  if (connection.status === "offline") return "You are offline. What you send goes out as soon as you are back.";
  if (connection.status === "connected" || connection.status === "closed") return undefined;
  if (trouble === "room_full") return "The room is full. We keep trying, and you are let in as soon as there is a place.";
  if (trouble === "slow_down") return "That was too much at once. The room lets you back in after a moment, and nothing is lost.";
  if (trouble === "no_welcome") return "The room does not answer. We keep trying. Loading the page again may help.";
  return connection.status === "reconnecting" ? "The connection is gone. What you send goes out as soon as it is back." : undefined;
}

/** What stands in the place of the input once the room has closed the connection. */
export type Closing = { title: string; text: string; again: string };

/** Why the room has closed the connection, and what to do. */
export function closing(code: number, reason: string): Closing {
  switch (code) {
    case 4403:
      return { title: reason || "A moderator removed you", text: "If it was only for now, you can come in again.", again: "Try to come in" };
    case 4409:
      return { title: "This room is open elsewhere", text: "A newer connection has taken the place of this one.", again: "Use it here" };
    case 4400:
      return { title: "This page is too old for the room", text: "Reload the page to continue.", again: "Try again" };
    case 4401:
      return { title: "The room does not know you any more", text: "You can come in again as somebody new.", again: "Come in" };
    default:
      return { title: "The room has closed the connection", text: reason && sentence(reason), again: "Connect again" };
  }
}

/** Why the reader may not write, if so. `time` words a moment for people. */
export function silence(you: Me | undefined, mutedUntil: number | undefined, time: (at: number) => string): string | undefined {
  if (you?.role === "reader") return "In this room you may read, but not write.";
  if (mutedUntil === undefined) return undefined;
  return `A moderator has muted you${Number.isFinite(mutedUntil) ? ` until ${time(mutedUntil)}` : ""}. You can read along.`;
}

const NEAR = 512;

/** What to tell the writer: about the limit when it is near, otherwise about the keys. */
export function inputNote(left: number, keys: boolean, editing: unknown): string {
  if (left > NEAR) return !keys ? "" : editing ? "Enter saves, Escape cancels" : "Enter sends, Shift+Enter starts a new line";
  return left >= 0 ? `${left} ${bytes(left)} left` : `${-left} ${bytes(-left)} too long`;
}

function bytes(count: number): string {
  return count === 1 ? "byte" : "bytes";
}
