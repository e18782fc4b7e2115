// One visit to one room: the conversation, the line it comes over, and what the reader has seen of it.
import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { connect, type ConnectionState } from "./connection.ts";
import * as talk from "./conversation.ts";
import { claim, displayName, isMine } from "./identity.ts";
import { tidy } from "./message-text.ts";
import { recallOutbox, rememberOutbox } from "./outbox-memory.ts";
import type { Draft, ServerFrame } from "./protocol.ts";
import { messageId } from "./random-id.ts";
import { unreadAfter } from "./unread.ts";

export type RoomSession = {
  conversation: ReadonlySignal<talk.Conversation>;
  connection: ReadonlySignal<ConnectionState>;
  /** Something the reader should know that belongs to no message. Settable: `undefined` dismisses it. */
  notice: Signal<string | undefined>;
  /** Does the reader see the end of the conversation? Settable: `true` goes there. */
  atEnd: Signal<boolean>;
  unread: ReadonlySignal<number>;
  send(typed: string): void;
  retry(id: string): void;
  discard(id: string): void;
  close(): void;
};

/** Is the page in front of somebody? */
export const pageVisible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => (pageVisible.value = !document.hidden));

/** Enters a room. */
export function openRoom(room: string): RoomSession {
  const conversation = signal<talk.Conversation>({ ...talk.NOTHING, outbox: recallOutbox(room) });
  const notice = signal<string | undefined>(undefined);
  const atEnd = signal(true);
  const connection = connect(room, receive);
  const reading = watchReading(conversation, atEnd);
  const outbox = computed(() => conversation.value.outbox);
  const stopRemembering = effect(() => rememberOutbox(room, outbox.value));

  function receive(frame: ServerFrame): void {
    if (frame.type === "error" && frame.id === undefined) notice.value = frame.message;
    conversation.value = after(conversation.value, frame);
    // What was written while the line was down, or may have been lost with it. The room knows what it has already taken.
    if (frame.type === "all") talk.unsent(conversation.value).forEach(transmit);
  }

  function transmit(draft: Draft): void {
    connection.send({ type: "add", ...draft });
  }

  return {
    conversation,
    connection: connection.state,
    notice,
    atEnd,
    unread: reading.unread,
    send(typed) {
      const content = tidy(typed);
      if (content === "") return;
      const draft: Draft = { id: messageId(), content, user: displayName.value, role: "user" };
      claim(draft.id);
      conversation.value = talk.withDraft(conversation.value, draft, Date.now());
      atEnd.value = true;
      transmit(draft);
    },
    retry(id) {
      conversation.value = talk.withRetry(conversation.value, id);
      talk.unsent(conversation.value).filter((draft) => draft.id === id).forEach(transmit);
    },
    discard(id) {
      conversation.value = talk.withoutPending(conversation.value, id);
    },
    close() {
      connection.close();
      reading.stop();
      stopRemembering();
    },
  };
}

function after(before: talk.Conversation, frame: ServerFrame): talk.Conversation {
  switch (frame.type) {
    case "all":
      return talk.withHistory(before, frame.messages);
    case "add":
      return talk.withMessage(before, frame);
    case "update":
      return talk.withUpdate(before, frame);
    case "error":
      return frame.id === undefined ? before : talk.withFailure(before, frame.id, frame.message);
  }
}

/** Keeps the last message the reader has seen. The history of the first load counts as seen. */
function watchReading(conversation: ReadonlySignal<talk.Conversation>, atEnd: ReadonlySignal<boolean>) {
  const lastRead = signal<string | undefined>(undefined);
  const stop = effect(() => {
    const { loaded, settled } = conversation.value;
    const seen = atEnd.value && pageVisible.value;
    if (loaded && (seen || lastRead.peek() === undefined)) lastRead.value = settled.at(-1)?.id ?? "";
  });
  return { stop, unread: computed(() => unreadAfter(conversation.value.settled, lastRead.value, isMine)) };
}
