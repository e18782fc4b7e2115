// How the connection to the room is, in one word and a dot: seen when it is not well. Screen readers read each change.
import * as texts from "#texts/first.ts";
import type { State } from "party-client";
import { h } from "preact";

export function ConnectionStatus({ status }: { status: State["status"] }) {
  return (
    <p class={status === "connected" || status === "connecting" ? "visually-hidden" : "status"} role="status" data-connection={status}>
      {texts.connection[status]}
    </p>
  );
}
