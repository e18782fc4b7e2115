// What the reader searches for, and what the room has found so far. The room searches its whole history, the newest
// messages first, and some part of it at a time.
import { RoomError, source, timer, type Found, type Observable } from "party-client";
import type { Failure } from "./notices.ts";
import type { MessageBody, Query } from "./protocol.ts";

/** A message that was found. */
export type Hit = Found<MessageBody>["items"][number];

export type Search = {
  /** The words. */
  text: string;
  hits: readonly Hit[];
  /** Whether an answer is awaited. */
  busy: boolean;
  /** Where the search can go on; `undefined` when the whole history was searched. */
  next?: number | undefined;
  /** Why the room refuses it. */
  refused?: Failure;
};

export type Searching = {
  state: Observable<Search>;
  /** Searches for other words, a moment after the last letter was typed. */
  type(text: string): void;
  /** Goes on further back. */
  more(): void;
  stop(): void;
};

/** What is asked: the room. */
type Asks = { query(query: Query): Promise<Found<MessageBody>> };

/** How long a reader types on, in milliseconds. */
const PAUSE = 180;

/** The number of messages that fill the panel, and of questions that are asked at most until there are as many. */
const ENOUGH = 10;
const QUESTIONS = 25;

const NOTHING: Search = { text: "", hits: [], busy: false };

export function searching(room: Asks): Searching {
  const state = source(NOTHING);
  let turn = 0; // An answer to an older question is ignored.
  const pause = timer(() => void ask(state.value.text, []));

  async function ask(text: string, before: readonly Hit[], next?: number): Promise<void> {
    const mine = ++turn;
    let hits = before;
    try {
      for (let questions = 0; ; questions++) {
        const found = await room.query({ search: { text, ...(next === undefined ? {} : { before: next }) } });
        if (mine !== turn) return;
        hits = [...hits, ...found.items];
        next = found.next;
        const busy = next !== undefined && hits.length - before.length < ENOUGH && questions < QUESTIONS;
        state.value = { text, hits, busy, next };
        if (!busy) return;
      }
    } catch (error) {
      if (!(error instanceof RoomError)) throw error;
      if (mine === turn) state.value = { text, hits, busy: false, next, refused: error };
    }
  }

  return {
    state,
    type(typed) {
      const text = typed.trim().replace(/\s+/g, " ");
      if (text === state.value.text) return;
      turn++;
      pause.stop();
      if (!/[\p{L}\p{N}]/u.test(text)) return void (state.value = NOTHING);
      // What was found before stays until there is an answer, so that nothing flickers.
      state.value = { text, hits: state.value.hits, busy: true };
      pause.set(PAUSE);
    },
    more() {
      const { text, hits, next, busy } = state.value;
      if (busy || next === undefined) return;
      state.value = { text, hits, busy: true, next };
      void ask(text, hits, next);
    },
    stop() {
      turn++;
      pause.stop();
    },
  };
}
