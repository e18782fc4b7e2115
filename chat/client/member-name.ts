// The name of a member, also of one that is not here. A name that was known stays known for the visit.
import type { ChatRoom } from "./room-types.ts";

type Room = Pick<ChatRoom, "log" | "presence">;

const known = new WeakMap<Room, Map<string, string>>();

/** Returns it if the member is here, or has written a message that is loaded. */
export function memberName(room: Room, member: string): string | undefined {
  const names = known.get(room) ?? new Map<string, string>();
  known.set(room, names);
  const name = nameNow(room, member) ?? names.get(member);
  if (name !== undefined) names.set(member, name);
  return name;
}

function nameNow({ log, presence }: Room, member: string): string | undefined {
  const here = presence.value.members?.get(member)?.data.name;
  return here ?? log.value.items.findLast(({ author, body }) => author === member && body)?.body?.user;
}
