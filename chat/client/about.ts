// What the room says about itself: its name and topic, its founder, what is pinned, who may write and who may join.
import * as texts from "#texts/room.ts";
import { RoomError } from "party-client";
import { memberName } from "./member-name.ts";
import type { Change } from "./protocol.ts";
import type { RoomSession } from "./room-session.ts";

/** Sends a change that a moderator makes. What the room refuses is said. Returns whether it was made. */
export async function changeRoom({ room, notice }: RoomSession, change: Change): Promise<boolean> {
  try {
    await room.command({ room: change }).done;
    return true;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    notice.value = { error, about: "room" };
    return false;
  }
}

/** Returns who founded the room, if somebody here knows the name. */
export function founderName({ room }: RoomSession): string | undefined {
  const founder = room.shared.value?.founder;
  return founder === undefined ? undefined : memberName(room, founder);
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
export function rulesOf({ locked, slowMode, invitation }: { locked?: boolean; slowMode?: number; invitation?: string }): string[] {
  return [
    ...(invitation ? [texts.invitationRule] : []),
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
