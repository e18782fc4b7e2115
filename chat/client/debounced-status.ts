// How the connection is, without what passes in a moment: the room was deployed again, the phone changed its network,
// and nobody needs to know.
import { source, type Observable, type State } from "party-client";

/** For how long each of these is no trouble yet, in milliseconds. A first connection may take its time. */
const PATIENCE: Partial<Record<State["status"], number>> = { connecting: 6000, reconnecting: 2500 };

/** Follows `state`; what is only a blip if it is short is told late. Also gives how to stop. */
export function debounced(state: Observable<State>): [Observable<State>, stop: () => void] {
  const shown = source(state.value);
  let late: ReturnType<typeof setTimeout> | undefined;
  const stop = state.subscribe((next) => {
    clearTimeout(late);
    const patience = PATIENCE[next.status];
    if (patience !== undefined) late = setTimeout(() => (shown.value = { status: "reconnecting" }), patience);
    if (patience === undefined || shown.value.status !== "connected") shown.value = next;
  });
  return [shown, () => (clearTimeout(late), stop())];
}
