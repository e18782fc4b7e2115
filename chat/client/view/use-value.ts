// What the view watches: a component that uses a value is drawn again when it changes, and no other.
import type { Observable } from "party-client";
import { useEffect, useState } from "../dom/hooks.ts";

export function useValue<T>(observable: Observable<T>): T {
  const [value, setValue] = useState(observable.value);
  useEffect(() => observable.subscribe(setValue), [observable]);
  return value;
}
