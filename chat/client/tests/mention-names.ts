// Names for tests of mentions.
import { keyOf, mentionsOf, type Mentions, type Names } from "../mention.ts";

/** Returns the names of members; several can have one. */
export function namesOf(members: Record<string, string>): Names {
  const names = new Map<string, Set<string>>();
  for (const [member, name] of Object.entries(members)) names.set(keyOf(name), (names.get(keyOf(name)) ?? new Set()).add(member));
  return names;
}

/** Returns the mentions of people with these names, for a reader called "Me". */
export function mentionsOfPeople(...people: string[]): Mentions {
  const members = Object.fromEntries(people.map((name) => [`m-${name}`, name]));
  return mentionsOf(namesOf({ ...members, me: "Me" }), { member: "me", name: "Me" });
}
