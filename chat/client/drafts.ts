// What is being written in a room. It is kept over reloads and visits to other rooms: for this tab, and for the next
// one that opens the room.
import { source, type Source } from "party-client";
import type { Chosen } from "./chosen.ts";

/** A message of the log that is being edited, with its text so far. */
export type Edit = { seq: number; text: string };

/** The next message, which waits while another one is edited. */
export type Draft = {
  text: string;
  edit?: Edit | undefined;
  /** The `seq` of the message that it answers. */
  replyTo?: number | undefined;
  /** The files that go with it, if there are any. A reload loses them: a page cannot keep them. */
  files?: readonly Chosen[] | undefined;
};

/** Returns the draft of a room, which is kept as it changes, and how to stop that. */
export function keptDraft(room: string): [draft: Source<Draft>, stop: () => void] {
  const key = draftKey(room);
  const stores = [open(() => sessionStorage), open(() => localStorage)];
  const texts = stores.map((storage) => storage?.getItem(key));
  const draft = source(read(texts.find((text) => text != null)));
  let kept = write(draft.value);
  const unfollow = draft.subscribe((now) => {
    const text = write(now);
    if (text === kept) return;
    kept = text;
    for (const storage of stores) keep(storage, key, text);
  });
  return [draft, unfollow];
}

/** Returns the key under which the draft of a room is kept. */
export function draftKey(room: string): string {
  return `party.draft.${room}`;
}

// Storage may be forbidden, then already naming it throws; or full. Then the draft lives as long as the page does.
function open(storage: () => Storage): Storage | undefined {
  try {
    return storage();
  } catch {
    return undefined;
  }
}

function keep(storage: Storage | undefined, key: string, text: string): void {
  try {
    storage?.removeItem(key); // What does not fit must not leave what was before.
    if (text) storage?.setItem(key, text);
  } catch {}
}

/** Returns a draft as it is kept; an empty one is not. */
export function write({ text, edit, replyTo }: Draft): string {
  return text || edit || replyTo !== undefined ? JSON.stringify({ text, edit, replyTo }) : "";
}

function read(written: string | null | undefined): Draft {
  try {
    const { text, edit, replyTo } = JSON.parse(written ?? "") as Partial<Draft>;
    const isEdit = typeof edit?.seq === "number" && typeof edit.text === "string";
    return { text: String(text ?? ""), ...(isEdit && { edit }), ...(typeof replyTo === "number" && { replyTo }) };
  } catch {
    return { text: "" };
  }
}
