// The state of the connection, without short interruptions: the room was deployed again, the phone changed its network,
// and nobody needs to know.
import { source, timer, type Observable, type State } from "party-client";

/** How long each status is not shown yet, in milliseconds. A first connection may take longer. */
const PATIENCE: Partial<Record<State["status"], number>> = { connecting: 6000, reconnecting: 2500 };

/** Follows `state`, and delays states that are harmless if they are short. Also returns a function that stops it. */
export function debounced(state: Observable<State>): [Observable<State>, stop: () => void] {
  const shown = source(state.value);
  const late = timer(() => shown.set({ status: "reconnecting" }));
  const stop = state.subscribe((next) => {
    late.stop();
    const patience = PATIENCE[next.status];
    if (patience !== undefined) late.set(patience);
    // An attempt to come back into a room that has closed the connection is not shown either: mostly it is answered at
    // once.
    const settled = shown.value.status === "connected" || shown.value.status === "closed";
    if (patience === undefined || !settled) shown.value = next;
  });
  return [shown, () => (late.stop(), stop())];
}
