// Days, as the reader's calendar has them.

/** Are both moments on the same day, where the reader is? */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
