// What a moderator can do to a member, and how it is said.
import type { Action } from "party-client";
import type { Shown } from "./people.ts";

/** Something one chooses from a list. */
export type Choice = { label: string; danger?: boolean; run(): void };

export type Deed = {
  label: string;
  action: Action;
  seconds?: number;
  /** What it means, where that is to be confirmed before. */
  warning?: string;
  /** What is said when it is done. */
  done: string;
  /** What takes it back. */
  undo?: Action;
};

/** The deeds that make sense. Of somebody who is not here nothing is known but the name. */
export function deedsTo(name: string, here: Shown | undefined, now: number): Deed[] {
  const mute: Deed[] = [
    { label: "Mute for 10 minutes", action: "mute", seconds: 600, done: `${name} is muted for 10 minutes.`, undo: "unmute" },
    { label: "Mute for good", action: "mute", done: `${name} is muted.`, undo: "unmute" },
  ];
  const unmute: Deed = { label: "Unmute", action: "unmute", done: `${name} may write.` };
  const ban: Deed = {
    label: "Ban…",
    action: "ban",
    warning:
      `${name} is shown out and cannot come back. This also keeps out others who come from the same address, ` +
      "such as the same household or office.",
    done: `${name} is banned.`,
    undo: "unban",
  };
  if (!here) return [...mute, unmute, ban];
  const role: Deed =
    here.role === "moderator"
      ? { label: "Dismiss as moderator", action: "dismiss", done: `${name} is no moderator any more.`, undo: "appoint" }
      : { label: "Make moderator", action: "appoint", done: `${name} is a moderator now.`, undo: "dismiss" };
  const removal: Deed = { label: "Remove", action: "kick", done: `${name} was shown out, and can come back.` };
  // Nobody can prove over the original wire who they are, so nobody is made a moderator there.
  return [...(here.guest ? [] : [role]), ...((here.mutedUntil ?? 0) > now ? [unmute] : mute), removal, ban];
}
