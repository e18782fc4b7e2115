// Members' colours. Each comes from the member's id and not from the name: names can be shared, and somebody who takes
// the name of another must not get the colour with it. A new name does not change the colour. Of two members whose ids
// lead to the same colour, the one that this page meets later gets another, as long as there is one. Lightness and
// strength, which decide about contrast, are the style sheet's; only the hue is chosen here.

/** The number of hues: as many as one tells apart. */
export const HUES = 12;

// Red is kept for what went wrong.
const AFTER_RED = 50;
const STEP = 27;

/** From a hue that is taken, this many lead to the one that is tried next: far away, and to all of them in the end. */
const APART = 5;

/** The place of each member's hue, and the members that have it. */
const places = new Map<string, number>();
const taken = new Set<number>();

/** Returns the hue of a member, in degrees. */
export function hueOf(member: string): number {
  let place = places.get(member);
  if (place === undefined) {
    place = scrambled(hashOf(member)) % HUES;
    if (taken.size < HUES) while (taken.has(place)) place = (place + APART) % HUES;
    taken.add(place);
    places.set(member, place);
  }
  return AFTER_RED + STEP * place;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}

// Alike ids differ in few bits; without this their hues would lie close together.
function scrambled(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
