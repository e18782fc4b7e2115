// Which messages the reader wants to be notified of, and whether the browser allows it. The choice holds for all rooms
// in this browser, as the reader's name does: rooms come and go, and the browser asks once for all of them.
import { source } from "party-client";
import { pageWorker } from "./show-notification.ts";
import { keep, recall } from "./stored.ts";

export type Wanted = "off" | "mentions" | "all";

/** What the browser says; "missing" if it shows no notifications of pages. */
export type Permission = NotificationPermission | "missing";

/** The storage key of the choice. */
export const NOTIFY_KEY = "party.notify";

const wanted = source<Wanted>(read(recall(NOTIFY_KEY)));

/** Whether the browser allows notifications. */
export const permission = source<Permission>(permissionNow());

/** The reader's choice: off, where the browser does not allow it. */
export const notify = source<Wanted>("off");
wanted.subscribe(settle);
permission.subscribe(settle);

// Another tab of this browser has chosen.
globalThis.addEventListener?.("storage", ({ key, newValue }) => {
  if (key !== NOTIFY_KEY) return;
  look();
  wanted.value = read(newValue);
});

/** Looks whether the browser allows notifications now: people can change that in its settings. */
export function look(): void {
  if (permission.value !== "missing") permission.value = permissionNow();
}

/** Chooses. The browser asks for permission, unless it has before. */
export async function choose(next: Wanted): Promise<void> {
  if (next !== "off") await ask();
  wanted.value = permission.value === "granted" ? next : "off";
  keep(NOTIFY_KEY, wanted.value);
}

async function ask(): Promise<void> {
  look();
  if (permission.value !== "default") return;
  if (!(await canShow())) return void (permission.value = "missing");
  await Notification.requestPermission();
  look();
}

/** Returns whether the browser can show notifications of the page, if the reader allows it. */
async function canShow(): Promise<boolean> {
  try {
    // Chromium on a phone has the class, and throws when a page uses it. Without permission this shows nothing.
    new Notification("");
    return true;
  } catch {
    return (await pageWorker()) !== undefined;
  }
}

function settle(): void {
  notify.value = permission.value === "granted" ? wanted.value : "off";
}

function permissionNow(): Permission {
  return globalThis.isSecureContext && "Notification" in globalThis ? Notification.permission : "missing";
}

function read(kept: string | null): Wanted {
  return kept === "mentions" || kept === "all" ? kept : "off";
}
