// The line as the reader is told of it.
import type { Code, State } from "party-client";

/** That the line is down, and why, by what the room said last. */
export function lineText(line: State, trouble: Code | undefined): string | undefined {
  if (line.status === "offline") return "You are offline. What you send goes out as soon as you are back.";
  if (line.status === "connected" || line.status === "closed") return undefined;
  if (trouble === "room_full") return "The room is full. We keep trying, and you are let in as soon as there is a place.";
  if (trouble === "slow_down") return "That was too much at once. The room lets you back in after a moment, and nothing is lost.";
  return line.status === "reconnecting" ? "The connection is gone. What you send goes out as soon as it is back." : undefined;
}
