// How long it takes in a browser that knows nothing of a page until the first message of a room is on the screen. The
// load generator starts this with the number of rounds and the contestants in JSON, and reads what is printed:
// milliseconds by condition, contestant and round.

import type { Browser, CDPSession } from "playwright-core";
import { launch } from "../../tests/support/browser.ts";
import { Site } from "./site.ts";

/**
 * The data of a contestant: the folder of its page, the selector of a message in it, and the address where its worker
 * serves which room.
 */
type Told = { name: string; folder: string; selector: string; port: number; room: string };

type Contestant = Told & { site: Site };

/** The network that a page is loaded over, and how much slower its processor is than this one. */
const CONDITIONS = {
  fast: undefined,
  /** A phone of the middle class where the network is poor: what developer tools call "Slow 4G". */
  slow: { cpu: 4, network: { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 } },
};

type Condition = keyof typeof CONDITIONS;

const PATIENCE = 30_000;

/**
 * Loads the page in a profile of its own, and so with an empty cache. Gives milliseconds since the navigation has
 * begun.
 */
async function load(browser: Browser, { site, selector, room }: Contestant, condition: Condition): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    await limit(await context.newCDPSession(page), condition);
    await page.addInitScript(watch, selector);
    await page.goto(new URL(`/${room}`, site.url).href, { waitUntil: "commit" });
    const seen = await page.waitForFunction(() => Reflect.get(globalThis, "firstMessage"), undefined, { timeout: PATIENCE });
    return Number(await seen.jsonValue());
  } finally {
    await context.close();
  }
}

async function limit(session: CDPSession, condition: Condition): Promise<void> {
  const limits = CONDITIONS[condition];
  if (!limits) return;
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", limits.network);
  await session.send("Emulation.setCPUThrottlingRate", { rate: limits.cpu });
}

/** In the page: notes when the first message has been painted. */
function watch(selector: string): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector(selector)) return;
    observer.disconnect();
    // A frame has been painted when the next task after its callbacks runs.
    requestAnimationFrame(() => setTimeout(() => Reflect.set(globalThis, "firstMessage", performance.now())));
  });
  observer.observe(document, { childList: true, subtree: true });
}

const rounds = Number(process.argv[2]);
const told = JSON.parse(process.argv[3] ?? "[]") as Told[];
const contestants = await Promise.all(told.map(async (one) => ({ ...one, site: await Site.of(one.folder, one.port) })));
const browser = await launch();
const times: Record<string, Record<string, number[]>> = {};
try {
  for (const condition of Object.keys(CONDITIONS) as Condition[]) {
    const found: Record<string, number[]> = (times[condition] = {});
    // The first round is not counted: in it the rooms wake.
    for (let round = -1; round < rounds; round++) {
      const turns = round % 2 ? contestants.toReversed() : contestants;
      for (const turn of turns) {
        const time = await load(browser, turn, condition);
        if (round >= 0) (found[turn.name] ??= []).push(time);
      }
    }
  }
} finally {
  await browser.close();
  for (const { site } of contestants) site.close();
}
console.log(JSON.stringify(times));
