// How long a page with many messages takes to show what is typed and what is sent. The load generator starts this with
// the number of rounds and the contestants in JSON, and reads what is printed: numbers by figure, contestant and round.

import type { Browser, Page } from "playwright-core";
import { launch } from "../../tests/support/browser.ts";
import { Site } from "../first-message/site.ts";

/**
 * The data of a contestant: the folder of its page, the selectors of a message and of the input in it, the address
 * where its worker serves which room, and how many messages that has. A room without any is a new one in each round.
 */
type Told = { name: string; folder: string; selector: string; input: string; port: number; room: string; size: number };

type Contestant = Told & { site: Site };

/** What a round has found: times in milliseconds, and a shift in thousandths. */
type Found = Record<"typing" | "typingAtEnd" | "sending" | "sendingMost" | "shift", number>;

/** How much slower the processor of the page is than this one. */
const CPU = 4;

/** The number of letters that are typed, and of messages that are sent from each place. */
const [LETTERS, SENT] = [60, 8];

/** The time between two letters, and that in which the page comes to rest, in milliseconds. */
const [BETWEEN, REST] = [90, 500];

const PATIENCE = 180_000;

async function round(browser: Browser, contestant: Contestant, number: number): Promise<Found> {
  const context = await browser.newContext({ viewport: { width: 1080, height: 800 }, serviceWorkers: "block" });
  context.setDefaultTimeout(PATIENCE);
  try {
    const page = await context.newPage();
    await page.addInitScript(watch, contestant.selector);
    const { size, room, selector, input } = contestant;
    await page.goto(new URL(`/${size > 0 ? room : `${room}-${number}`}`, contestant.site.url).href);
    await page.locator(size > 0 ? selector : input).first().waitFor();
    await page.waitForTimeout(2 * REST);
    await readBack(page, contestant);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU });
    const typing = await type(page, contestant);
    const sent: number[] = [];
    for (let number = 0; number < SENT; number++) {
      await readBack(page, contestant);
      sent.push(await send(page, contestant));
    }
    const typingAtEnd = await type(page, contestant);
    for (let number = 0; number < SENT; number++) sent.push(await send(page, contestant));
    const shift = await page.evaluate(() => Number(Reflect.get(globalThis, "shift")));
    return {
      typing: percentile(typing, 95),
      typingAtEnd: percentile(typingAtEnd, 95),
      sending: percentile(sent, 50),
      sendingMost: Math.max(...sent),
      shift: shift * 1000,
    };
  } finally {
    await context.close();
  }
}

/**
 * Has the page show all messages of the room, as one who turns the wheel upwards does. Nobody turns it so fast: what
 * the browser takes for a shift meanwhile is not counted.
 */
async function readBack(page: Page, { selector, size }: Contestant): Promise<void> {
  const shift = await page.evaluate(
    async ([selector, size]) => {
      const shift = Reflect.get(globalThis, "shift") as number;
      while (document.querySelectorAll(selector).length < size) {
        const log = document.querySelector("[role=log]");
        if (log) log.scrollTop = 0;
        await new Promise(requestAnimationFrame);
      }
      return shift;
    },
    [selector, size] as const,
  );
  await page.waitForTimeout(REST);
  await page.evaluate((shift) => Reflect.set(globalThis, "shift", shift), shift);
}

/** Types letter after letter. Returns how long each took until it was painted. */
async function type(page: Page, { input }: Contestant): Promise<number[]> {
  await page.locator(input).focus();
  await page.evaluate(() => Reflect.set(globalThis, "typed", []));
  for (const letter of "typed letter by letter ".repeat(LETTERS).slice(0, LETTERS)) {
    await page.keyboard.press(letter === " " ? "Space" : letter);
    await page.waitForTimeout(BETWEEN);
  }
  const times = await page.evaluate(() => Reflect.get(globalThis, "typed") as number[]);
  await page.locator(input).fill("");
  await page.waitForTimeout(REST);
  return times;
}

/** Sends a text. Returns how long it took from the key until the message was painted. */
async function send(page: Page, { input }: Contestant): Promise<number> {
  const text = `sent at ${performance.now()}`;
  await page.locator(input).fill(text);
  await page.waitForTimeout(REST);
  await page.evaluate((text) => Object.assign(globalThis, { awaited: text, sent: undefined }), text);
  await page.keyboard.press("Enter");
  const time = await page.waitForFunction(() => Reflect.get(globalThis, "sent") as number | undefined);
  return Number(await time.jsonValue());
}

/** In the page: notes how long what is done takes until it has been painted, and what moves by itself. */
function watch(selector: string): void {
  const self = globalThis as unknown as { typed: number[]; sent: number | undefined; awaited: string; shift: number };
  Object.assign(self, { typed: [], sent: undefined, awaited: "", shift: 0 });
  /** Calls `done` when the next frame has been painted: then the next task after its callbacks runs. */
  const painted = (done: () => void) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(undefined);
    });
  // From the end, because to go through thousands of messages would take a time of its own.
  const lastMessage = () => {
    const isMessage = (node: Node) => (node as Element).matches(selector);
    const accept = (node: Node) => (isMessage(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
    return document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT, accept).lastChild();
  };
  const isThere = () => lastMessage()?.textContent?.includes(self.awaited) ?? false;
  addEventListener(
    "keydown",
    ({ key, timeStamp }) => {
      if (key !== "Enter") return painted(() => self.typed.push(performance.now() - timeStamp));
      const look = () => (isThere() ? void (self.sent = performance.now() - timeStamp) : painted(look));
      painted(look);
    },
    { capture: true },
  );
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) self.shift += entry.value;
    }
  }).observe({ type: "layout-shift", buffered: true });
}

function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.ceil((sorted.length * share) / 100), sorted.length) - 1] ?? Number.NaN;
}

const rounds = Number(process.argv[2]);
const told = JSON.parse(process.argv[3] ?? "[]") as Told[];
const contestants = await Promise.all(told.map(async (one) => ({ ...one, site: await Site.of(one.folder, one.port) })));
const browser = await launch();
const figures: Record<string, Record<string, number[]>> = {};
try {
  for (let number = 0; number < rounds; number++) {
    const turns = number % 2 ? contestants.toReversed() : contestants;
    for (const turn of turns) {
      for (const [figure, value] of Object.entries(await round(browser, turn, number))) {
        ((figures[figure] ??= {})[turn.name] ??= []).push(value);
      }
    }
  }
} finally {
  await browser.close();
  for (const { site } of contestants) site.close();
}
console.log(JSON.stringify(figures));
