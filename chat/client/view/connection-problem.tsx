// Why there are no messages yet, in the place of the conversation.
import { h } from "preact";
import { connectionText } from "../texts.ts";
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
      <h2>{connection.status === "offline" ? "You are offline" : "The room does not answer yet"}</h2>
      <p>{trouble ? text : "Trying again. You can already write: your messages are sent when the connection is back."}</p>
    </section>
  );
}
