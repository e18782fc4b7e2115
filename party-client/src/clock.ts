// The two clocks of this package. Nothing else reads a clock, except for the time that a pending entry shows.

/**
 * Returns milliseconds since some moment. It never goes back, whatever happens to the device's clock: every duration is
 * measured by it.
 */
export function elapsed(): number {
  return performance.now();
}

/**
 * An estimate of the room's clock, which every moment in a frame belongs to. The device's clock may be wrong by hours.
 */
export type RoomClock = {
  /** Sets it to what the room has just sent. */
  set(now: number): void;
  /** Returns the room's time in milliseconds since 1970; until the room has sent its own, the device's. */
  now(): number;
};

export function roomClock(): RoomClock {
  let offset: number | undefined;
  return {
    set(now) {
      offset = now - elapsed();
    },
    now: () => (offset === undefined ? Date.now() : Math.round(offset + elapsed())),
  };
}
