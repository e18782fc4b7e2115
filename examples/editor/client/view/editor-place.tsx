// The place of the editor in the page.
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { openEditor } from "../editor.ts";
import type { Session } from "../session.ts";
import { titleOf } from "../words.ts";

type Props = { session: Session; hidden: boolean; onTitle: (title: string) => void };

export function EditorPlace({ session, hidden, onTitle }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return undefined;
    const view = openEditor(place.current, session, (line) => {
      document.title = titleOf(line);
      onTitle(document.title);
    });
    if (session.place.key !== undefined) view.focus();
    return () => view.destroy();
  }, [session]);
  return <div class="editor" ref={place} hidden={hidden} />;
}
