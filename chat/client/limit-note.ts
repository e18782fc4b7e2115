// How much more may be written, in words.

const NEAR = 512;

/** What to tell the writer about the limit; nothing while it is far away. */
export function limitNote(left: number): string | undefined {
  if (left > NEAR) return undefined;
  return left >= 0 ? `${left} ${bytes(left)} left` : `${-left} ${bytes(-left)} too long`;
}

function bytes(count: number): string {
  return count === 1 ? "byte" : "bytes";
}
