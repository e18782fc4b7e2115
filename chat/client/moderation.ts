// The actions of a moderator on a member, and their labels.
import type { Action } from "party-client";
import { isolated } from "./isolated.ts";
import type { Profile } from "./protocol.ts";

/** Something one chooses from a list. */
export type Choice = { label: string; danger?: boolean; run(): void };

export type MemberAction = {
  label: string;
  action: Action;
  seconds?: number;
  /** The effect of the action, where it must be confirmed before. */
  warning?: string;
  /** The text for the moderator when the room has done it. */
  done: string;
  /** The action that takes it back. */
  undo?: Action;
};

/**
 * Returns the actions that make sense. Of somebody who is not here nothing is known but the name, and whether this
 * browser has banned them. `now` is the room's time, as that of the profile is.
 */
export function actionsOn(called: string, here: Profile | undefined, now: number, banned = false): MemberAction[] {
  const name = isolated(called);
  const mute: MemberAction[] = [
    { label: "Mute for 10 minutes", action: "mute", seconds: 600, done: `${name} is muted for 10 minutes.`, undo: "unmute" },
    { label: "Mute permanently", action: "mute", done: `${name} is muted.`, undo: "unmute" },
  ];
  const unmute: MemberAction = { label: "Unmute", action: "unmute", done: `${name} may write.` };
  const ban: MemberAction = {
    label: "Ban…",
    action: "ban",
    warning:
      `${name} is removed and cannot rejoin. This also keeps out others who come from the same address, ` +
      "such as the same household or office.",
    done: `${name} is banned.`,
    undo: "unban",
  };
  const unban: MemberAction = { label: "Unban", action: "unban", done: `${name} can join again.` };
  // Another moderator may have banned them.
  if (!here) return banned ? [unban] : [...mute, unmute, ban, unban];
  const role: MemberAction =
    here.role === "moderator"
      ? { label: "Dismiss as moderator", action: "dismiss", done: `${name} is not a moderator any more.`, undo: "appoint" }
      : { label: "Make moderator", action: "appoint", done: `${name} is a moderator now.`, undo: "dismiss" };
  const removal: MemberAction = { label: "Remove", action: "kick", done: `${name} was removed and can rejoin.` };
  // Nobody can prove over the original wire who they are, so nobody is made a moderator there.
  return [...(here.guest ? [] : [role]), ...((here.mutedUntil ?? 0) > now ? [unmute] : mute), removal, ban];
}
