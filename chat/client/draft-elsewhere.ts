// The draft of a room that is open in several tabs.
import { draftKey, write } from "./drafts.ts";
import type { RoomSession } from "./room-session.ts";

/** Empties the input when another tab has sent what is written in it. Returns how to stop that. */
export function followDraftElsewhere({ name, draft }: RoomSession): () => void {
  const look = ({ key, newValue, oldValue }: StorageEvent) => {
    const sent = key === draftKey(name) && newValue === null && oldValue === write(draft.value);
    if (sent) draft.value = { text: "", files: draft.value.files };
  };
  addEventListener("storage", look);
  return () => removeEventListener("storage", look);
}
