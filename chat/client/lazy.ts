// Code that is not needed before the first message is a separate script. It is fetched when that message is on the
// screen, and then all of it: so nobody waits for it later either, and what it holds is there when the connection is
// lost. This module does not import it, so that nothing that it holds is imported in a circle: `main.tsx` says how to
// load it.
import { source } from "party-client";

// Set by the bundler.
declare const BUILD: string;

/** The exports of the script. */
export type LazyBundle = typeof import("./lazy-bundle.ts");

/** It, once it is here. */
export const lazy = source<LazyBundle | undefined>(undefined);

/** Did the last attempt to fetch it fail? */
export const missing = source(false);

const PAUSE = 5000;
const LATE = 15_000;

type Load = (attempt: number) => Promise<LazyBundle>;

let load: Load | undefined;
let coming: Promise<LazyBundle> | undefined;

/** Sets how the script is loaded. Called once, when the page starts. */
export function configureLazy(loader: Load): void {
  load = loader;
}

/** Fetches the script, unless that is done or under way. The promise never rejects; it may wait for ever. */
export function loadLazy(): Promise<LazyBundle> {
  return (coming ??= fetchBundle());
}

async function fetchBundle(): Promise<LazyBundle> {
  await pause(0); // What has just been drawn goes to the screen first.
  for (let attempt = 0; ; attempt++) {
    try {
      // A request may hang for ever; another one may not.
      const late = new Promise<never>((_, reject) => setTimeout(reject, LATE));
      const fetched = await Promise.race([load?.(attempt), late]);
      if (fetched?.build !== BUILD) throw new SyntaxError();
      lazy.value = fetched;
      missing.value = false;
      return fetched;
    } catch (error) {
      // The room was deployed again, and the script fits the page no more. That is what every other attempt would
      // bring, too.
      missing.value = true;
      await (error instanceof SyntaxError ? new Promise(() => {}) : pause(PAUSE));
    }
  }
}

/** Waits for `delay` milliseconds, or until there is a network again. */
function pause(delay: number): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(resolve, delay);
    addEventListener("online", resolve, { once: true });
  });
}
