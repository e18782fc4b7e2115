// Days, as the reader's calendar has them.

let [begin, end] = [0, 0];

/** Returns whether both times are on the same day, in the reader's time zone. */
export function sameDay(a: number, b: number): boolean {
  // Most times that are asked for are on one day, and calendars are slow.
  if (!(begin <= a && a < end)) [begin, end] = [new Date(a).setHours(0, 0, 0, 0), new Date(a).setHours(24, 0, 0, 0)];
  return begin <= b && b < end;
}
