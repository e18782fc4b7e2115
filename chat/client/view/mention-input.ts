// The mention that is being typed in the input, and putting a name in its place.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { queryAt, type Insertion, type Query } from "../mention-query.ts";
import type { RoomSession } from "../room-session.ts";
import { useValue } from "./use-value.ts";

export type Input = RefObject<HTMLTextAreaElement | null>;

/** A query, and the text that it was found in. */
type Typed = { text: string; query: Query };

/** Returns the query that is being typed, and how to close it: it stays closed until another one begins. */
export function useQuery({ draft }: RoomSession, input: Input): [Query | undefined, () => void] {
  const [typed, setTyped] = useState<Typed | undefined>(undefined);
  const [focused, setFocused] = useState(false);
  const latest = useRef<Typed | undefined>(undefined);
  const closed = useRef<number | undefined>(undefined);
  const { text, edit } = useValue(draft);
  const set = (next: Typed | undefined) => setTyped((latest.current = next));

  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    const look = () => {
      const next = typedIn(element);
      if (next?.query.at !== closed.current || next?.query.typed === "") closed.current = undefined;
      if (closed.current !== undefined) set(undefined);
      else if (!next || !same(next, latest.current)) set(next);
    };
    // The caret alone opens nothing: Enter shall send what is there.
    const move = () => latest.current && look();
    // A window that is left and looked at again has the list that it had.
    const come = () => setFocused(true);
    const leave = () => setFocused(false);
    setFocused(document.activeElement === element);
    element.addEventListener("input", look);
    element.addEventListener("focus", come);
    element.addEventListener("blur", leave);
    document.addEventListener("selectionchange", move);
    return () => {
      element.removeEventListener("input", look);
      element.removeEventListener("focus", come);
      element.removeEventListener("blur", leave);
      document.removeEventListener("selectionchange", move);
    };
  }, []);

  const close = () => {
    closed.current = typed?.query.at;
    set(undefined);
  };
  // A text that has changed otherwise, as by sending it, has no query.
  return [focused && typed?.text === (edit?.text ?? text) ? typed.query : undefined, close];
}

function typedIn({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Typed | undefined {
  const query = selectionStart === selectionEnd ? queryAt(value, selectionStart) : undefined;
  return query && { text: value, query };
}

function same(a: Typed, b: Typed | undefined): boolean {
  return a.text === b?.text && a.query.at === b.query.at && a.query.typed === b.query.typed;
}

/** Changes the text as typing does, so that it can be undone. */
export function insert(input: HTMLTextAreaElement, { from, to, text }: Insertion): void {
  input.focus();
  input.setSelectionRange(from, to);
  // It is deprecated, and still the only way that keeps what can be undone.
  if (document.execCommand("insertText", false, text)) return;
  input.setRangeText(text, from, to, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
