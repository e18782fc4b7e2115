// A member's colour, so that everybody sees the same one. It comes from the member's id and not from the name: names
// can be shared, and somebody who takes the name of another must not get the colour with it. A new name does not change
// the colour. Lightness and strength, which decide about contrast, are the style sheet's; only the hue is chosen here.

// Red is kept for what went wrong.
const AFTER_RED = 50;
const HUES = 305;

/** Returns the hue of a member, in degrees. */
export function hueOf(member: string): number {
  let hash = 0x811c9dc5;
  for (const letter of member) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return AFTER_RED + (scrambled(hash) % HUES);
}

// Alike ids differ in few bits; without this their hues would lie close together.
function scrambled(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
