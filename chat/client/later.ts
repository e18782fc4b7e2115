// What nobody needs before the first message is a script of its own. It is fetched when that is on the screen, and then all of it: so nobody
// waits for it later either, and what it holds is there when the line goes down.
import { source } from "party-client";

// Set by the bundler.
declare const BUILD: string;

/** What the script holds. */
export type Parts = typeof import("./parts.ts");

/** It, once it is here. */
export const parts = source<Parts | undefined>(undefined);

/** Did the last attempt to fetch it fail? */
export const missing = source(false);

const PAUSE = 5000;

let coming: Promise<Parts> | undefined;

/** Fetches the script, unless that is done or under way. The promise never rejects; it may wait for ever. */
export function later(): Promise<Parts> {
  return (coming ??= fetchParts());
}

async function fetchParts(): Promise<Parts> {
  await pause(0); // What has just been drawn goes to the screen first.
  for (let attempt = 0; ; attempt++) {
    try {
      const fetched = await (attempt ? again(attempt) : import("./parts.ts"));
      if (fetched.build !== BUILD) throw new SyntaxError();
      parts.value = fetched;
      missing.value = false;
      return fetched;
    } catch (error) {
      // The room was deployed anew, and the script fits the page no more. That is what every other attempt would bring, too.
      missing.value = true;
      await (error instanceof SyntaxError ? new Promise(() => {}) : pause(PAUSE));
    }
  }
}

/** Under another address: some browsers keep for good that the one before has failed. The bundler is to leave it as it is. */
function again(attempt: number): Promise<Parts> {
  const address = `./parts.js?${attempt}`;
  return import(address) as Promise<Parts>;
}

/** So many milliseconds, or until there is a network again. */
function pause(delay: number): Promise<unknown> {
  return new Promise((resolve) => {
    setTimeout(resolve, delay);
    addEventListener("online", resolve, { once: true });
  });
}
