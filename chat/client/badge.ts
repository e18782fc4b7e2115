// Unread messages where the page itself is not seen: on the icon of its tab, and on that of the installed app.

/** The addresses of the tab's icon: as it is, and with a dot. Data addresses are not allowed on this page. */
const ICONS = { plain: "/icon.svg", dotted: "/icon-new.svg" };

type Badges = { setAppBadge?(count: number): Promise<void>; clearAppBadge?(): Promise<void> };

let shown = "";
// A page that is closed cannot do it later.
globalThis.addEventListener?.("pagehide", () => showBadge(""));

/**
 * Shows how many messages are unread, as a text: "3", "97+", or an empty one. All pages of the app have one badge: it
 * has the number of the page that set it last.
 */
export function showBadge(unread: string): void {
  if (unread === shown) return;
  shown = unread;
  const badges: Badges = navigator;
  // A browser that has no place for it may refuse.
  (unread ? badges.setAppBadge?.(parseInt(unread, 10)) : badges.clearAppBadge?.())?.catch(() => {});
  document.querySelector('link[rel="icon"]')?.setAttribute("href", unread ? ICONS.dotted : ICONS.plain);
}
