// Why the reader cannot go on, in sentences: the room has closed the line, or does not let them write.
import type { Me } from "party-client";
import { mutedUntil, sentence } from "./notices.ts";

/** What stands in the place of the input once the room has closed the line for good. */
export type Closing = { title: string; text: string; again: string };

/** Why the room has closed the line for good, and what to do. */
export function closing(code: number, reason: string): Closing {
  switch (code) {
    case 4403:
      return { title: reason || "A moderator has shown you out", text: "If it was only for now, you can come in again.", again: "Try to come in" };
    case 4409:
      return { title: "This room is open elsewhere", text: "A newer connection has taken the place of this one.", again: "Use it here" };
    case 4400:
      return { title: "This page is too old for the room", text: "Load the page anew to go on.", again: "Try again" };
    case 4401:
      return { title: "The room does not know you any more", text: "You can come in again as somebody new.", again: "Come in" };
    default:
      return { title: "The room has closed the connection", text: reason && sentence(reason), again: "Connect again" };
  }
}

/** Why one may not write, if so. `time` says a moment as people do. */
export function silence(you: Me | undefined, now: number, time: (at: number) => string): string | undefined {
  if (you?.role === "reader") return "In this room you may read, but not write.";
  const until = mutedUntil(you, now);
  if (until === undefined) return undefined;
  return `A moderator has muted you${Number.isFinite(until) ? ` until ${time(until)}` : ""}. You can read along.`;
}
