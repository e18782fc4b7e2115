// What the reader is told in sentences: that the line is down, that the room has closed it, that the room wants something else.
import type { Code, Me, State } from "party-client";

/** Something that belongs to no message. `action` is what can be done about it. */
export type Notice = { text: string; action?: { label: string; run(): void } };

/** What stands in the place of the input once the room has closed the line for good. */
export type Closing = { title: string; text: string; again: string };

/** As the room says it: "the message is empty" is "The message is empty." */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1).replace(/(?<![.!?…])$/, ".");
}

/** That the line is down, and why, by what the room said last. */
export function lineText(line: State, trouble: Code | undefined): string | undefined {
  if (line.status === "offline") return "You are offline. What you send goes out as soon as you are back.";
  if (line.status === "connected" || line.status === "closed") return undefined;
  if (trouble === "room_full") return "The room is full. We keep trying, and you are let in as soon as there is a place.";
  if (trouble === "slow_down") return "That was too much at once. The room lets you back in after a moment, and nothing is lost.";
  return line.status === "reconnecting" ? "The connection is gone. What you send goes out as soon as it is back." : undefined;
}

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

/** Until when one is muted; for good is `Infinity`. */
export function mutedUntil(you: Me | undefined, now: number): number | undefined {
  const until = you?.mutedUntil ?? 0;
  if (until <= now) return undefined;
  return until === Number.MAX_SAFE_INTEGER ? Infinity : until;
}
