// A place on the page for what is fetched after the first message. What was asked for before it is here shows by itself.
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { later, parts, type Parts } from "../later.ts";
import { useValue } from "./use-value.ts";

type LaterProps = { children: (parts: Parts) => VNode; meanwhile?: VNode };

export function Later({ children, meanwhile }: LaterProps) {
  const here = useValue(parts);
  useEffect(() => void later(), []);
  return here ? children(here) : meanwhile;
}
