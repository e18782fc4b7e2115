// A friendly name for those who have not chosen one yet.

const MOODS = "Bright Brisk Calm Clever Cosy Daring Gentle Jolly Keen Lucky Merry Nimble Quiet Sunny Swift Witty".split(" ");
const ANIMALS = "Badger Beaver Crane Falcon Finch Fox Gecko Heron Lynx Marten Otter Owl Panda Puffin Robin Seal".split(" ");

/** Returns a name such as "Brisk Otter". */
export function randomName(random: () => number = Math.random): string {
  return `${pick(MOODS, random)} ${pick(ANIMALS, random)}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "";
}
