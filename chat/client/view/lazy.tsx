// A place on the page for a part that is fetched after the first message. A part that was asked for too early shows by
// itself.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { lazy, loadLazy, type LazyBundle } from "../lazy.ts";
import { useValue } from "./use-value.ts";

type LazyProps = { children: (bundle: LazyBundle) => VNode; meanwhile?: VNode };

export function Lazy({ children, meanwhile }: LazyProps) {
  const here = useValue(lazy);
  useEffect(() => void loadLazy(), []);
  return here ? children(here) : meanwhile;
}
