// What the reader should know just above the input: that the line is down, or what the room had to say.
import type { ConnectionState } from "../connection.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";

const LINE_DOWN: Partial<Record<ConnectionState, string>> = {
  reconnecting: "The connection is gone. What you send goes out as soon as it is back.",
  offline: "You are offline. What you send goes out as soon as you are back.",
};

export function NoticeBar({ session }: { session: RoomSession }) {
  const lineDown = session.conversation.value.loaded ? LINE_DOWN[session.connection.value] : undefined;
  const notice = session.notice.value;
  return (
    <>
      {lineDown !== undefined && <p class="notice">{lineDown}</p>}
      {notice !== undefined && (
        <div class="notice" role="alert">
          <p>{notice}</p>
          <button type="button" class="button" aria-label="Dismiss" onClick={() => (session.notice.value = undefined)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </>
  );
}
