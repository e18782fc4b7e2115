// How the line to the room is, in one word and a dot.
import type { ConnectionState } from "../connection.ts";

const WORDS: Record<ConnectionState, string> = {
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Reconnecting…",
  offline: "Offline",
};

export function ConnectionStatus({ state }: { state: ConnectionState }) {
  return (
    <p class="status" role="status" data-connection={state}>
      {WORDS[state]}
    </p>
  );
}
