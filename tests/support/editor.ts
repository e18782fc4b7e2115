// Pages of the example of a text editor, in Chromium.

import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";

/** Somebody with a browser profile of their own, at a text. */
export class Writer {
  readonly page: Page;
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      // Attempts go on without a network, and the browser tells of each.
      const text = message.text();
      const isLost = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket connection/.test(text);
      if (message.type() === "error" && !isLost) this.faults.push(text);
    });
  }

  /** Opens a text in a new browser profile, and takes a name. */
  static async open(browser: Browser, address: URL, name: string, options: BrowserContextOptions = {}): Promise<Writer> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const writer = await Writer.in(context, address);
    if (name) await writer.rename(name);
    return writer;
  }

  /** Opens a text in another tab of a browser profile. */
  static async in(context: BrowserContext, address: URL): Promise<Writer> {
    const writer = new Writer(await context.newPage());
    await writer.page.goto(address.href);
    await writer.state("connected");
    return writer;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The field with the text. */
  get text(): Locator {
    return this.page.getByRole("textbox", { name: "Text", exact: true });
  }

  async state(state: "connecting" | "connected" | "offline"): Promise<void> {
    await this.page.locator(`header[data-connection=${state}]`).waitFor();
  }

  /** Opens a panel, or closes the one that is open. */
  async toggle(panel: "people" | "Share" | "Versions"): Promise<void> {
    const name = panel === "people" ? /(person|people) here$/ : panel;
    await this.page.getByRole("banner").getByRole("button", { name }).click();
  }

  async rename(name: string): Promise<void> {
    await this.toggle("people");
    await this.page.getByRole("textbox", { name: "Your name" }).fill(name);
    await this.toggle("people");
  }

  /** Writes at the end of the text. */
  async write(text: string): Promise<void> {
    await this.text.click();
    await this.page.keyboard.press("ControlOrMeta+End");
    await this.page.keyboard.type(text);
  }

  /** Pastes a text where the cursor is. */
  async paste(text: string): Promise<void> {
    await this.text.evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Waits until the text is this, or one of these. */
  async reads(...texts: string[]): Promise<void> {
    try {
      await this.page.waitForFunction(shown, texts);
    } catch (error) {
      throw new Error(`the text is ${JSON.stringify(await this.page.evaluate(shown, undefined))}`, { cause: error });
    }
  }

  /** Returns the link that the page offers. */
  async link(kind: "writing" | "reading"): Promise<URL> {
    await this.toggle("Share");
    const link = await this.page.getByRole("textbox", { name: `Link for ${kind}` }).inputValue();
    await this.toggle("Share");
    return new URL(link);
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}

/** Returns the text that a page shows, if it is one of these. */
function shown(texts: string[] | undefined): { text: string } | undefined {
  const root = document.querySelector(".editor")?.shadowRoot;
  const lines = [...(root?.querySelectorAll(".cm-line") ?? [])].map((line) => {
    const copy = line.cloneNode(true) as Element;
    for (const added of copy.querySelectorAll(".cm-caret, .cm-placeholder")) added.remove();
    return copy.textContent;
  });
  const text = lines.join("\n");
  return !texts || texts.includes(text) ? { text } : undefined;
}
