// A person's colour, derived from the name alone, so that everybody sees the same one. Lightness and strength, which decide about
// contrast, are the style sheet's; only the hue is chosen here.

// Red is kept for what went wrong.
const AFTER_RED = 50;
const HUES = 305;

/** The hue of a name, in degrees. Names that differ only in case or surrounding space share it. */
export function hueOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name.normalize("NFC").trim().toLowerCase()) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return AFTER_RED + (scrambled(hash) % HUES);
}

// Short names differ in few bits; without this their hues would lie close together.
function scrambled(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
