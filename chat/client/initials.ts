// The one or two letters in a person's avatar.

/** Returns the first letters of the first and the last word of a name: "Maya van Dyk" is "MD". */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== "");
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => firstLetter(word ?? "")).join("");
}

function firstLetter(word: string): string {
  const letters = Array.from(word);
  return (letters.find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? letters[0] ?? "").toUpperCase();
}
