// The page is kept by the browser, so that it opens without a network: what one writes then is sent later.
import { language } from "#texts/room.ts";

/** What the browser keeps it with, in the language of the page. */
const SCRIPT = `/offline.js?${language}`;

type Policy = { createScriptURL(address: string): string };

// Too new for the types of some compilers, and for some browsers.
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

let asked = false;

/** Has the browser keep the page. Where it cannot, the page needs a network, as any other. */
export function keepPage(): void {
  if (asked || !navigator.serviceWorker) return;
  asked = true;
  // The only script whose address is not written in the page's own.
  const rules = { createScriptURL: () => SCRIPT };
  const policy = typeof trustedTypes === "undefined" ? rules : trustedTypes.createPolicy("offline", rules);
  void navigator.serviceWorker.register(policy.createScriptURL(SCRIPT)).catch(() => {});
}
