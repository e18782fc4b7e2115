// The key of an invitation leaves the address bar once it has let the reader in: there it would be seen by others, and
// kept in the history.
import { invitationIn } from "./invitation.ts";
import type { RoomSession } from "./room-session.ts";

/** Hides the key, now or when the address changes. Returns how to stop that. */
export function hideInvitation({ room }: RoomSession): () => void {
  const look = () => {
    if (room.state.value.status !== "connected" || invitationIn(location.hash) === undefined) return;
    history.replaceState(history.state, "", location.pathname + location.search);
  };
  addEventListener("hashchange", look);
  const stop = room.state.subscribe(look);
  return () => {
    removeEventListener("hashchange", look);
    stop();
  };
}
