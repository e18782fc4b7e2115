// The values of a component's last render, for code that runs later.
import { useInsertionEffect, useRef } from "react";

/** Returns a reference to the value of the last render that was shown. It is there before all other effects run. */
export function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}
