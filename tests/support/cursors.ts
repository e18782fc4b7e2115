// Pages of the example of live cursors, in Chromium.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Opens a page in a browser profile of its own, and waits until its room has answered. */
export async function open(browser: Browser, address: URL, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 620 }, ...options });
  const page = await context.newPage();
  await page.goto(address.href);
  await page.getByText("Connected").waitFor();
  return page;
}
