// The panel in which one searches the whole history, and in which a message is shown that is too far back for the
// conversation. The browser's own dialog keeps the focus inside and closes on Escape.
import * as texts from "#texts/conversation.ts";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { finding, type Finding } from "../finding.ts";
import type { RoomSession } from "../room-session.ts";
import { searching, type Searching } from "../search.ts";
import { Icon } from "./icons.tsx";
import { Neighbours } from "./neighbours.tsx";
import { SearchResults } from "./search-results.tsx";

/** The longest search, in characters: what the room takes. */
const MOST = 256;

export function SearchPanel({ session, shown }: { session: RoomSession; shown: Finding }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useSearch(session);
  const [text, setText] = useState("");
  // It may be asked for again before the browser has said that it is closed.
  useLayoutEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, [shown]);
  const close = () => dialog.current?.close();
  const closed = () => {
    if (!dialog.current?.open) finding.value = undefined;
  };
  const { seq } = shown;
  const type = (typed: string) => {
    setText(typed);
    search.type(typed);
  };
  return (
    <dialog
      ref={dialog}
      class="dialog search"
      aria-label={seq === undefined ? texts.search : texts.neighbours}
      closedby="any"
      onClose={closed}
      onKeyDown={moveFocus}
    >
      <form
        class="search-line"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          dialog.current?.querySelector<HTMLButtonElement>(".hits:not([aria-busy=true]) .hit")?.click();
        }}
      >
        {seq === undefined ? <SearchField text={text} onText={type} /> : <Back to={text} />}
        <button type="button" class="button" aria-label={texts.close} onClick={close}>
          <Icon name="close" />
        </button>
      </form>
      {seq === undefined ? (
        <SearchResults session={session} search={search} onClose={close} />
      ) : (
        <Neighbours key={seq} session={session} seq={seq} />
      )}
    </dialog>
  );
}

function useSearch({ room }: RoomSession): Searching {
  const [search] = useState(() => searching(room));
  useEffect(() => search.stop, [search]);
  return search;
}

function SearchField({ text, onText }: { text: string; onText: (typed: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  return (
    <input
      ref={field}
      type="text"
      role="searchbox"
      class="field"
      dir="auto"
      aria-label={texts.searchMessages}
      placeholder={texts.searchMessages}
      value={text}
      maxLength={MOST}
      autocomplete="off"
      spellcheck={false}
      enterkeyhint="search"
      onInput={(event) => onText(event.currentTarget.value)}
    />
  );
}

/** Leads back to what was found, or to a new search. */
function Back({ to }: { to: string }) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => button.current?.focus(), []);
  return (
    <button ref={button} type="button" class="button back" onClick={() => (finding.value = {})}>
      <Icon name={to === "" ? "search" : "back"} />
      {to === "" ? texts.searchMessages : texts.backToSearch}
    </button>
  );
}

/** Moves the focus by arrow keys: from the input through all that was found, and back. */
function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.isComposing) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(".field, .hit, .search-more")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  stops[at + step]?.focus();
}
