// The actions of a moderator on a member, and their labels.
import * as texts from "#texts/room.ts";
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
 * browser has banned them. `now` is the room's time, as that of the profile is. `byInvitation`: the room needs one.
 */
export function actionsOn(called: string, here: Profile | undefined, now: number, banned = false, byInvitation = false): MemberAction[] {
  const name = isolated(called);
  const mute: MemberAction[] = [
    { label: texts.muteForMinutes, action: "mute", seconds: 600, done: texts.mutedForMinutes(name), undo: "unmute" },
    { label: texts.mutePermanently, action: "mute", done: texts.muted(name), undo: "unmute" },
  ];
  const unmute: MemberAction = { label: texts.unmute, action: "unmute", done: texts.unmuted(name) };
  const ban: MemberAction = {
    label: texts.ban,
    action: "ban",
    warning: texts.banWarning(name),
    done: texts.isBanned(name),
    undo: "unban",
  };
  const unban: MemberAction = { label: texts.unban, action: "unban", done: texts.unbanned(name) };
  // Another moderator may have banned them.
  if (!here) return banned ? [unban] : [...mute, unmute, ban, unban];
  const role: MemberAction =
    here.role === "moderator"
      ? { label: texts.dismiss, action: "dismiss", done: texts.dismissed(name), undo: "appoint" }
      : { label: texts.appoint, action: "appoint", done: texts.appointed(name), undo: "dismiss" };
  const removal: MemberAction = { label: texts.remove, action: "kick", done: (byInvitation ? texts.removedFromClosed : texts.removed)(name) };
  // Nobody can prove over the original wire who they are, so nobody is made a moderator there.
  return [...(here.guest ? [] : [role]), ...((here.mutedUntil ?? 0) > now ? [unmute] : mute), removal, ban];
}
