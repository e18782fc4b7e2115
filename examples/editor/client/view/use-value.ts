// A component that uses a value is drawn again when it changes.
import type { Observable } from "party-client";
import { useLayoutEffect, useState } from "preact/hooks";

export function useValue<T>(observable: Observable<T>): T {
  const [value, setValue] = useState(observable.value);
  useLayoutEffect(() => observable.subscribe(setValue), [observable]);
  return value;
}
