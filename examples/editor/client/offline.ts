// The page is kept by the browser, so that it opens without a network: what one writes then is sent later.

/** What the browser keeps it with. */
const SCRIPT = "/offline.js";

type Policy = { createScriptURL(address: string): string };

// Too new for the types of some compilers, and for some browsers.
declare const trustedTypes: { createPolicy(name: string, rules: Policy): Policy } | undefined;

/** Has the browser keep the page. Where it cannot, the page needs a network, as any other. */
export function keepPage(): void {
  if (!navigator.serviceWorker) return;
  // The only script whose address is not written in the page's own.
  const rules = { createScriptURL: () => SCRIPT };
  const policy = typeof trustedTypes === "undefined" ? rules : trustedTypes.createPolicy("offline", rules);
  void navigator.serviceWorker.register(policy.createScriptURL(SCRIPT)).catch(() => {});
}
