// Why there are no messages yet, in the place of the conversation.
import * as texts from "#texts/notices.ts";
import { h } from "preact";
import { connectionText } from "../sentences.ts";
import type { RoomSession } from "../room-session.ts";
import { Waiting } from "./loading.tsx";
import { Closed } from "./closed.tsx";
import { Mark } from "./icons.tsx";
import { useValue } from "./use-value.ts";

export function ConnectionProblem({ session }: { session: RoomSession }) {
  const connection = useValue(session.connection);
  const trouble = useValue(session.trouble);
  const text = connectionText(connection, trouble);
  if (connection.status === "closed") {
    return (
      <div class="blank">
        <Mark />
        <Closed session={session} connection={connection} />
      </div>
    );
  }
  if (text === undefined) return <Waiting />;
  return (
    <section class="blank">
      <Mark />
      <h2>{connection.status === "offline" ? texts.youAreOffline : texts.noAnswerYet}</h2>
      <p>{trouble ? text : texts.tryingAgain}</p>
    </section>
  );
}
