// The button that opens the search, and its key: Ctrl+K, on a Mac Cmd+K. ("/" begins a message.)
import * as texts from "#texts/conversation.ts";
import { Fragment, h } from "preact";
import { useEffect } from "preact/hooks";
import { finding } from "../finding.ts";
import type { RoomSession } from "../room-session.ts";
import { Icon } from "./icons.tsx";
import { SearchPanel } from "./search-panel.tsx";
import { useValue } from "./use-value.ts";

const MAC = /^(Mac|iP)/.test(navigator.platform);

export function SearchButton({ session }: { session: RoomSession }) {
  const shown = useValue(finding);
  useEffect(() => {
    document.addEventListener("keydown", openByKey);
    return () => {
      document.removeEventListener("keydown", openByKey);
      finding.value = undefined; // The next room has its own.
    };
  }, [session]);
  const title = texts.searchByKey[MAC ? "mac" : "others"];
  return (
    <>
      <button type="button" class="button" aria-label={texts.searchMessages} title={title} aria-haspopup="dialog" onClick={open}>
        <Icon name="search" />
      </button>
      {shown && <SearchPanel session={session} shown={shown} />}
    </>
  );
}

function open(): void {
  finding.value = {};
}

function openByKey(event: KeyboardEvent): void {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const asked = key.toLowerCase() === "k" && !altKey && !shiftKey && (MAC ? metaKey && !ctrlKey : ctrlKey && !metaKey);
  if (!asked || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  open();
}
