// How the connection to the room is, in one word and a dot: seen when it is not well. Screen readers read each change.
import type { State } from "party-client";
import { h } from "preact";

const WORDS: Record<State["status"], string> = {
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Reconnecting…",
  offline: "Offline",
  closed: "Closed",
};

export function ConnectionStatus({ status }: { status: State["status"] }) {
  return (
    <p class={status === "connected" || status === "connecting" ? "visually-hidden" : "status"} role="status" data-connection={status}>
      {WORDS[status]}
    </p>
  );
}
