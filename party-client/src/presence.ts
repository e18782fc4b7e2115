// The members that are present. Pure: every function takes the old presence and returns the new one.
import type { Member, Roster } from "./wire.ts";

export type Presence<D> = {
  /** The number of members present. */
  count: number;
  /** The members by id; `undefined` if the room is too large for a roster. */
  members?: ReadonlyMap<string, Member<D>>;
};

/** Returns the presence after a roster; `presence` is `undefined` if nothing before it counts. */
export function withRoster<D>(presence: Presence<D> | undefined, { count, members, join, leave }: Roster<D>): Presence<D> {
  // The changes of a roster that we do not have are not a roster.
  const known = members ? [] : (join ?? leave) && presence?.members;
  if (!known) return { count };
  const next = new Map(known as Iterable<[string, Member<D>]>);
  for (const member of members ?? join ?? []) next.set(member.member, member);
  // Stryker disable next-line ArrayDeclaration: a member that is not there is not deleted, whatever its name is.
  for (const member of leave ?? []) next.delete(member);
  return { count, members: next };
}
