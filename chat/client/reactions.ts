// The reactions to messages: those that everyone has, and the reader's own, which show at once.
import { derived, source, type Observable, type RoomError } from "party-client";
import type { RoomSession } from "./room-session.ts";
import type { ChatRoom, Message } from "./room-types.ts";

/** One emoji on a message. */
export type Reaction = {
  emoji: string;
  count: number;
  /** The names of the first members that gave it. */
  names: readonly string[];
  /** Has the reader given it? */
  own: boolean;
};

/** What the reader has done that the room has acknowledged, and may not show yet. */
type Step = {
  on: boolean;
  /** The last change of the message before it: another one has counted it. */
  seen: number | undefined;
  /** How often the room had sent the reader's reactions before it. */
  sent: number;
};

/** The reader's reactions. */
export type Own = {
  /** As the room has sent them, and how often it has. */
  given: ReadonlySet<string>;
  sent: number;
  /** Those that wait to be sent. */
  waiting: ReadonlyMap<string, boolean>;
  steps: ReadonlyMap<string, Step>;
};

export type OwnReactions = {
  own: Observable<Own>;
  /** Gives a message an emoji, or takes it back. */
  toggle(message: Message, emoji: string): void;
};

/** The number of steps that are remembered. */
const REMEMBERED = 50;

const NOTHING: ReadonlyMap<string, boolean> = new Map();

const keyOf = (seq: number | undefined, emoji: string) => `${seq} ${emoji}`;

const visits = new WeakMap<RoomSession, OwnReactions>();

/** Returns the reader's reactions in the room of a visit. The notice says what the room refuses. */
export function reactionsIn(session: RoomSession): OwnReactions {
  const { room, notice } = session;
  const reactions = visits.get(session) ?? ownReactions(room, (error) => (notice.value = { error, about: "reaction" }));
  visits.set(session, reactions);
  return reactions;
}

/** Follows the reader's reactions in a room. `refused` is called with the error when the room refuses one. */
export function ownReactions(room: ChatRoom, refused: (error: RoomError) => void): OwnReactions {
  const steps = source<ReadonlyMap<string, Step>>(new Map());
  let sent = 0;
  room.own.subscribe(() => sent++);
  // A message on its way changes nothing here: else every row would be drawn again for it.
  const waiting = derived([room.outbox], () => {
    const reactions = room.outbox.value.flatMap(({ frame }) =>
      frame.type === "command" && "react" in frame.data ? [[keyOf(frame.data.react.message, frame.data.react.emoji), frame.data.react.on] as const] : [],
    );
    return reactions.length > 0 ? new Map(reactions) : NOTHING;
  });
  const own = derived([room.own, waiting, steps], () => ({
    given: new Set((room.own.value ?? []).map(([seq, emoji]) => keyOf(seq, emoji))),
    waiting: waiting.value,
    steps: steps.value,
    sent,
  }));
  return {
    own,
    toggle({ seq, edited: seen }, emoji) {
      if (seq === undefined) return;
      const key = keyOf(seq, emoji);
      const on = !isGiven(own.value, key);
      const { id, done } = room.command({ react: { message: seq, emoji, on } });
      done.then(
        () => (steps.value = new Map([...steps.value, [key, { on, seen, sent }] as const].slice(-REMEMBERED))),
        (error: RoomError) => (room.discard(id), refused(error)),
      );
    },
  };
}

function isGiven({ given, waiting, steps, sent }: Own, key: string): boolean {
  const step = steps.get(key);
  return waiting.get(key) ?? (step?.sent === sent ? step.on : given.has(key));
}

/** Returns the reactions to a message as the reader sees them. */
export function reactionsOn({ seq, edited, body }: Message, own: Own): Reaction[] {
  const shown: Reaction[] = (body?.reactions ?? []).map((reaction) => ({
    ...reaction,
    own: isGiven(own, keyOf(seq, reaction.emoji)),
  }));
  const count = (key: string, on: boolean) => {
    const emoji = key.slice(`${seq} `.length);
    const reaction = shown.find((reaction) => reaction.emoji === emoji);
    if (reaction) reaction.count += on ? 1 : -1;
    else if (on) shown.push({ emoji, count: 1, names: [], own: true });
  };
  const here = (key: string) => key.startsWith(`${seq} `);
  for (const [key, on] of own.waiting) if (here(key) && on !== own.given.has(key)) count(key, on);
  for (const [key, { on, seen }] of own.steps) if (here(key) && !own.waiting.has(key) && seen === edited) count(key, on);
  return shown.filter(({ count }) => count > 0);
}
