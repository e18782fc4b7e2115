// What the room says about itself: its name and topic, its founder, what is pinned, and who may write.
import * as texts from "#texts/room.ts";
import { RoomError } from "party-client";
import type { Change } from "./protocol.ts";
import type { RoomSession } from "./room-session.ts";

/** Sends a change that a moderator makes. What the room refuses is said. */
export async function changeRoom({ room, notice }: RoomSession, change: Change): Promise<void> {
  try {
    await room.command({ room: change }).done;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    notice.value = { error, about: "room" };
  }
}

/** Returns who founded the room, if somebody here knows the name. */
export function founderName({ room }: RoomSession): string | undefined {
  const founder = room.shared.value?.founder;
  if (founder === undefined) return undefined;
  const here = room.presence.value.members?.get(founder)?.data.name;
  return here ?? room.log.value.items.findLast(({ author }) => author === founder)?.body?.user;
}

/** The intervals of slow mode that the page offers, in seconds. */
export const INTERVALS = [0, 10, 30, 60, 300, 900, 3_600];

/** Returns an interval in words: "30 seconds". */
export function interval(seconds: number): string {
  const [count, unit] = seconds < 60 ? [seconds, "second"] : seconds < 3_600 ? [seconds / 60, "minute"] : [seconds / 3_600, "hour"];
  const options = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(texts.language, options).format(count);
}

/** Returns the rules that hold in the room, one sentence each. */
export function rulesOf({ locked, slowMode }: { locked?: boolean; slowMode?: number }): string[] {
  return [
    ...(locked ? [texts.lockedRule] : []),
    ...(slowMode ? [texts.slowModeRule(interval(slowMode))] : []),
  ];
}

/** Follows the reader's role, and says so when they have become a moderator. Returns how to stop that. */
export function followRole({ room, notice }: RoomSession): () => void {
  let before: string | undefined;
  return room.you.subscribe((you) => {
    const isNews = you?.role === "moderator" && before === "member" && room.shared.value?.founder !== you.member;
    before = you?.role;
    if (isNews) notice.value = { text: texts.youAreModerator, done: true };
  });
}
