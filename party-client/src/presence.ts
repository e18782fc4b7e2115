// Who is here. Pure: takes what was known and gives what is known now.
import type { Member, Roster } from "./wire.ts";

export type Presence<D> = {
  /** How many members are here. */
  count: number;
  /** Who they are, by member; none if the room is too large for that. */
  members?: ReadonlyMap<string, Member<D>>;
};

export function withRoster<D>(presence: Presence<D>, { count, members, join, leave }: Roster<D>): Presence<D> {
  // Who has joined a roster that we do not have is no roster.
  const known = members ? [] : (join ?? leave) && presence.members;
  if (!known) return { count };
  const next = new Map(known as Iterable<[string, Member<D>]>);
  for (const member of members ?? join ?? []) next.set(member.member, member);
  // Stryker disable next-line ArrayDeclaration: a member that is not there is not deleted, whatever its name is.
  for (const member of leave ?? []) next.delete(member);
  return { count, members: next };
}
