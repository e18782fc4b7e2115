// The value of an observable in a component.
import { useSyncExternalStore } from "react";
import type { Observable } from "../index.ts";
import { firstValue } from "./first-values.ts";

/**
 * Returns the value of an observable, and renders the component again when it changes. The observable can be one of a
 * room or of `source()`. A room connects when the component is mounted. A server renders the value that a room begins
 * with.
 */
export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, () => observable.value, () => firstValue(observable));
}
