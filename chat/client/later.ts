// What nobody needs before the first message is a script of its own. It is fetched when that is on the screen, and then all of it: so nobody
// waits for it later either, and what it holds is there when the line goes down.
import { source } from "party-client";

// Set by the bundler.
declare const BUILD: string;

/** What the script holds. */
export type Parts = typeof import("./parts.ts");

/** It, once it is here. */
export const parts = source<Parts | undefined>(undefined);

/** Did the last attempt to fetch it fail? We keep trying. It may also be that the room was deployed anew and the script fits the page no more. */
export const missing = source(false);

const PAUSE = 5000;

let coming: Promise<Parts> | undefined;

/** Fetches the script, unless that is done or under way. The promise never rejects. */
export function later(): Promise<Parts> {
  return (coming ??= fetchParts());
}

async function fetchParts(): Promise<Parts> {
  await pause(0); // What has just been drawn goes to the screen first.
  for (;;) {
    try {
      const fetched = await import("./parts.ts");
      if (fetched.build !== BUILD) throw new Error("it is of another build");
      parts.value = fetched;
      missing.value = false;
      return fetched;
    } catch {
      missing.value = true;
      await pause(PAUSE);
    }
  }
}

/** So many milliseconds, or until there is a network again. */
function pause(delay: number): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(resolve, delay);
    addEventListener("online", resolve, { once: true });
  });
}
