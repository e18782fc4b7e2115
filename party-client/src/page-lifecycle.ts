// The page around us, if there is one: whether anybody looks at it, and whether it has a network. No other file knows
// the DOM. The browser's state of the network is a hint: it may be wrong in both directions.

export const isHidden = (): boolean => globalThis.document?.visibilityState === "hidden";

export const isOffline = (): boolean => globalThis.navigator?.onLine === false;

/**
 * Calls `changed` with `true` when the page is shown again or may have a network again, and with `false` when it may
 * have lost it. Returns how to stop that.
 */
export function watchPage(changed: (back: boolean) => void): () => void {
  const stop = new AbortController();
  const listen = (target: EventTarget | undefined, type: string, run: (event: Event) => void) =>
    target?.addEventListener?.(type, run, { signal: stop.signal });
  const back = () => isHidden() || changed(true);
  listen(globalThis, "online", () => changed(true));
  listen(globalThis, "offline", () => changed(false));
  listen(globalThis.document, "visibilitychange", back);
  // A page that was frozen, or that comes from the back/forward cache, need not have been hidden.
  listen(globalThis.document, "resume", back);
  listen(globalThis, "pageshow", (event) => (event as PageTransitionEvent).persisted && back());
  return () => stop.abort();
}
