// The page around us, if there is one: whether anybody looks at it, and whether it has a network. No other file knows the DOM.

export const isHidden = (): boolean => globalThis.document?.visibilityState === "hidden";

export const isOffline = (): boolean => globalThis.navigator?.onLine === false;

/** Calls `changed` when one of both has changed. Returns how to stop that. */
export function watchPage(changed: (what: string) => void): () => void {
  const stop = new AbortController();
  const listen = (target: EventTarget | undefined, type: string) =>
    target?.addEventListener?.(type, () => changed(type), { signal: stop.signal });
  listen(globalThis, "online");
  listen(globalThis, "offline");
  listen(globalThis.document, "visibilitychange");
  return () => stop.abort();
}
