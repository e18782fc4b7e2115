// The known members of the room, and their ephemeral events.
import { elapsed } from "./clock.ts";
import { current, ofPresent, withEvent, type Signal } from "./ephemeral.ts";
import { source, type Observable } from "./observable.ts";
import { withRoster, type Presence } from "./presence.ts";
import { timer } from "./timer.ts";
import type { EphemeralEvent, Roster } from "./wire.ts";

export type Others<P> = {
  presence: Observable<Presence<P>>;
  signals: Observable<readonly Signal[]>;
  /** Takes what has changed about who is here; `whole`: about nobody that was here before. */
  roster(roster: Roster<P>, whole?: boolean): void;
  event(event: EphemeralEvent): void;
  /** Stops looking at the clock. */
  stop(): void;
};

export function others<P>(): Others<P> {
  const presence = source<Presence<P>>({ count: 0 });
  const signals = source<readonly Signal[]>([]);
  const expiry = timer(() => set(signals.value));

  function set(next: readonly Signal[]): void {
    const now = elapsed();
    const rest = current(next, now);
    signals.set(rest);
    if (rest.length) expiry.set(Math.min(...rest.map(({ until }) => until)) - now);
  }

  return {
    presence,
    signals,
    roster(roster, whole) {
      presence.set(withRoster(whole ? undefined : presence.value, roster));
      set(ofPresent(signals.value, roster));
    },
    event: (event) => set(withEvent(signals.value, event, elapsed())),
    stop: () => expiry.stop(),
  };
}
