// The placeholder of the conversation until it is loaded.
import * as texts from "#texts/first.ts";
import { h } from "preact";
import type { RoomSession } from "../room-session.ts";
import { Lazy } from "./lazy.tsx";
import { useValue } from "./use-value.ts";

export function NotLoaded({ session }: { session: RoomSession }) {
  const { status } = useValue(session.connection);
  const trouble = useValue(session.trouble);
  if (status === "connecting" && trouble === undefined) return <Waiting />;
  return <Lazy meanwhile={<Waiting />}>{({ ConnectionProblem }) => <ConnectionProblem session={session} />}</Lazy>;
}

/** Shows that messages are loading, after a moment: mostly they arrive before anybody could look. */
export function Waiting() {
  return (
    <div class="waiting">
      <p class="visually-hidden">{texts.loadingMessages}</p>
      <span class="ghost" />
      <span class="ghost" />
      <span class="ghost" />
    </div>
  );
}
