// The name of a member, also of one that is not here.
import type { ChatRoom } from "./room-types.ts";

/** Returns it if the member is here, or has written a message that is loaded. */
export function memberName({ log, presence }: Pick<ChatRoom, "log" | "presence">, member: string): string | undefined {
  const here = presence.value.members?.get(member)?.data.name;
  return here ?? log.value.items.findLast(({ author, body }) => author === member && body)?.body?.user;
}
