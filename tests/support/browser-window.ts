// A window of a browser with a profile of its own, in which a test clicks and types: the same for each engine, whatever
// library drives it.

import type { Browser, Locator, Page } from "playwright-core";
import { within } from "./client.ts";

/** How long a window waits for anything, in milliseconds. It is for what hangs, so it is far from what is needed. */
export const PATIENCE_MS = 90_000;

/** The size of a window. */
export const SIZE = { width: 1080, height: 800 };

export type Role = "button" | "menuitem" | "menuitemcheckbox" | "textbox";

/**
 * Something that can be seen in the page, by its role and name. With `message`, it is in the message with this text.
 */
export type Named = { readonly role: Role; readonly name: string | RegExp; readonly message?: string };

/** Something that can be seen in the page, by a selector and a text in it. */
export type Selected = { readonly selector: string; readonly text?: string };

/** A key, also together with others. */
export type Keys = "Enter" | "Shift+Enter" | "Control+a" | "Control+x" | "Control+v";

export interface BrowserWindow {
  open(address: URL): Promise<void>;
  reload(): Promise<void>;
  /** Waits until something can be seen. */
  sees(target: Named | Selected): Promise<void>;
  /** Waits until something can be seen, and clicks it. */
  click(target: Named | Selected): Promise<void>;
  /** Types a text into what has the focus. */
  type(text: string): Promise<void>;
  press(keys: Keys): Promise<void>;
  /** Returns the text of each element that can be seen now. */
  texts(selector: string): Promise<string[]>;
  /** Runs a function in the page, and waits until it is done. */
  run(script: () => Promise<void>): Promise<void>;
  /** Returns the exceptions in the page. */
  faults(): Promise<string[]>;
}

/** A browser that runs. */
export interface RunningBrowser {
  window(): Promise<BrowserWindow>;
  /** Closes the browser with its windows. */
  close(): Promise<void>;
}

/** A browser that Playwright drives. */
export class PlaywrightBrowser implements RunningBrowser {
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  async window(): Promise<BrowserWindow> {
    const context = await this.#browser.newContext({ viewport: SIZE });
    context.setDefaultTimeout(PATIENCE_MS);
    return new PlaywrightWindow(await context.newPage());
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

class PlaywrightWindow implements BrowserWindow {
  readonly #page: Page;
  readonly #faults: string[] = [];

  constructor(page: Page) {
    this.#page = page;
    page.on("pageerror", ({ message }) => {
      // Firefox also reports here that a connection has failed.
      if (!message.includes(" ws://")) this.#faults.push(message);
    });
  }

  async open(address: URL): Promise<void> {
    await this.#page.goto(String(address));
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  sees(target: Named | Selected): Promise<void> {
    return this.#find(target).first().waitFor();
  }

  click(target: Named | Selected): Promise<void> {
    return this.#find(target).click();
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  press(keys: Keys): Promise<void> {
    return this.#page.keyboard.press(keys.replace("Control", "ControlOrMeta"));
  }

  texts(selector: string): Promise<string[]> {
    return this.#page.locator(selector).filter({ visible: true }).allInnerTexts();
  }

  run(script: () => Promise<void>): Promise<void> {
    return within("a script", this.#page.evaluate(script), PATIENCE_MS);
  }

  async faults(): Promise<string[]> {
    return this.#faults;
  }

  #find(target: Named | Selected): Locator {
    if ("selector" in target) return this.#page.locator(target.selector, { hasText: target.text ?? "" });
    const { role, name, message } = target;
    const where = message === undefined ? this.#page : this.#page.locator("article", { hasText: message });
    return where.getByRole(role, { name, exact: true });
  }
}
