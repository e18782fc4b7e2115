// The texts of the roster, and of the members that are typing.
import * as texts from "#texts/conversation.ts";
import type { Presence, Signal } from "party-client";
import { isolated } from "./isolated.ts";
import type { Profile } from "./protocol.ts";

export type Person = Profile & { member: string };

/** Returns everyone by name, the reader first; nobody in a room that is too large for a list. */
export function rosterOf({ members }: Presence<Profile>, me: string | undefined): Person[] {
  const people = Array.from(members?.values() ?? [], ({ member, data }) => ({ ...data, member }));
  const isMe = (person: Person) => Number(person.member === me);
  return people.sort((a, b) => isMe(b) - isMe(a) || a.name.localeCompare(b.name));
}

/** Returns "Ada and Bob are typing…" for members other than the reader, or an empty text if nobody is. */
export function typingText(signals: readonly Signal[], { members }: Presence<Profile>, me: string | undefined): string {
  const [first, second, ...more] = signals
    .filter(({ kind, from }) => kind === "typing" && from !== me)
    .map(({ from }) => isolated(members?.get(from)?.data.name ?? texts.somebody));
  if (first === undefined) return "";
  if (second === undefined) return texts.isTyping(first);
  return more.length > 0 ? texts.severalAreTyping : texts.areTyping(first, second);
}
