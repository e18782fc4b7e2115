// The sentences about the connection and about refusals.
import type { State } from "party-client";
import type { BoardPending } from "./room-types.ts";

/** Says that there is no connection, and what that means. */
export function connectionWords(state: State): string | undefined {
  switch (state.status) {
    case "connected":
      return undefined;
    case "connecting":
      return "Connecting …";
    case "reconnecting":
      return "The connection is lost. Questions and votes are kept, and sent when it is back.";
    case "offline":
      return "You are offline. Questions and votes are kept, and sent when you are back.";
    case "closed":
      return state.reason ? sentence(state.reason) : "The board has closed the connection.";
  }
}

/** Says what was refused, and why. */
export function refusalWords({ frame, error }: BoardPending): string {
  return `${subject(frame)} ${sentence(error?.message ?? "")}`.trim();
}

function subject(frame: BoardPending["frame"]): string {
  switch (frame.type) {
    case "append":
      return "This question was not accepted.";
    case "edit":
      return "Your change was not accepted.";
    case "delete":
      return "The question was not removed.";
    case "command":
      return frame.data.do === "upvote" ? "Your vote was not accepted." : "The question was not marked as answered.";
  }
}

/** Returns a message of the room as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return !text || /[.!?]$/.test(text) ? text : `${text}.`;
}
