// Unread messages where the page itself is not seen: on the icon of its tab, and on that of the installed app.

/** The addresses of the tab's icon: as it is, and with a dot. Data addresses are not allowed on this page. */
const ICONS = { plain: "/icon.svg", dotted: "/icon-new.svg" };

type Badges = { setAppBadge?(count: number): Promise<void>; clearAppBadge?(): Promise<void> };

/**
 * Shows that there are unread messages, of which `unread` is the number as a text: "3", "97+". Returns how to end that.
 * All pages of the app have one badge: it has the number of the page that set it last.
 */
export function showBadge(unread: string): (() => void) | undefined {
  if (!unread) return undefined;
  const badges: Badges = navigator;
  setIcon(ICONS.dotted);
  // A browser that has no place for it may refuse.
  badges.setAppBadge?.(parseInt(unread, 10)).catch(() => {});
  const clear = () => void badges.clearAppBadge?.().catch(() => {});
  addEventListener("pagehide", clear); // A page that is closed cannot clear it later.
  return () => {
    removeEventListener("pagehide", clear);
    setIcon(ICONS.plain);
    clear();
  };
}

function setIcon(address: string): void {
  document.querySelector('link[rel="icon"]')?.setAttribute("href", address);
}
