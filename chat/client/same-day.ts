// Days, as the reader's calendar has them.

/** Returns whether both times are on the same day, in the reader's time zone. */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
