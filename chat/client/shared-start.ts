// Lists that begin alike: mostly one message has come at the end of many.

/** Returns how many items at the beginning are the same in both lists. */
export function sharedStart(one: readonly unknown[], other: readonly unknown[]): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one[at] === other[at]) at++;
  return at;
}
