// Ephemeral events, such as that somebody is typing: those of others, which end by themselves, and how often to send
// our own.
import { elapsed } from "./clock.ts";
import type { EphemeralEvent, Roster } from "./wire.ts";

export type Signal = {
  from: string;
  kind: string;
  data?: unknown;
  /** The time at which it ends unless it is sent again, by `performance.now()`. */
  until: number;
};

/** Returns the events with a new one, which replaces the member's event of the same kind. */
export function withEvent(signals: readonly Signal[], { from, kind, data, ttl }: EphemeralEvent, now: number): readonly Signal[] {
  const others = signals.filter((signal) => signal.from !== from || signal.kind !== kind);
  return ttl > 0 ? [...others, { from, kind, data, until: now + ttl }] : others;
}

/** Returns the events that have not ended. */
export function current(signals: readonly Signal[], now: number): readonly Signal[] {
  return kept(signals, ({ until }) => until > now);
}

/** Returns the events of members that have not left. An event may arrive before the presence of its member. */
export function ofPresent(signals: readonly Signal[], { members, leave }: Roster): readonly Signal[] {
  const here = members && new Set(members.map(({ member }) => member));
  return kept(signals, ({ from }) => !leave?.includes(from) && (!here || here.has(from)));
}

function kept(signals: readonly Signal[], holds: (signal: Signal) => boolean): readonly Signal[] {
  const rest = signals.filter(holds);
  return rest.length < signals.length ? rest : signals;
}

export type Said = {
  /** Returns whether an event should be sent now. It is then remembered as sent. */
  isNews(kind: string, data: unknown): boolean;
  /** Does something hold that is to be ended? Then it is taken as ended. */
  ends(kind: string): boolean;
  clear(): void;
};

/** Remembers the events that were sent. The same event again within `repeat` milliseconds is not news. */
export function said(repeat: number): Said {
  const last = new Map<string, { text: string; at: number }>();
  return {
    isNews(kind, data) {
      const now = { text: JSON.stringify(data), at: elapsed() };
      const before = last.get(kind);
      if (before?.text === now.text && now.at - before.at < repeat) return false;
      last.set(kind, now);
      return true;
    },
    ends: (kind) => last.delete(kind),
    clear: () => last.clear(),
  };
}
