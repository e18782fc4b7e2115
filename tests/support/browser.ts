// Chromium, and a visitor in it who uses the chat.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { isolated } from "../../chat/client/isolated.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium without a window. */
export function launch(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
  assert.ok(existsSync(executablePath), `no browser at ${executablePath}: set CHROMIUM_BIN`);
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Hides the page, or shows it, as the browser does when the reader goes to another tab. */
export function hide(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
}

/** Somebody with a browser profile of their own, in a room. */
export class Visitor {
  readonly page: Page;
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      // Attempts go on without a network, and the browser tells of each.
      if (message.type() === "error" && !message.text().includes("ERR_INTERNET_DISCONNECTED")) this.faults.push(message.text());
    });
  }

  /** Opens an address and waits until the room has answered. */
  static async at(browser: Browser, address: string | URL, options: BrowserContextOptions = {}): Promise<Visitor> {
    // What is fetched by way of a service worker cannot be stopped or changed by a test.
    const context = await browser.newContext({ viewport: { width: 1080, height: 800 }, serviceWorkers: "block", ...options });
    await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => undefined);
    return Visitor.in(context, address);
  }

  /** Opens an address of a room that lets nobody in. */
  static async refused(browser: Browser, address: string | URL, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1080, height: 800 }, serviceWorkers: "block", ...options });
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(String(address));
    await visitor.state("closed");
    return visitor;
  }

  /** Returns the same in a browser profile that is there already. */
  static async in(context: BrowserContext, address: string | URL): Promise<Visitor> {
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(String(address));
    await visitor.connected();
    return visitor;
  }

  /** Opens an address under a name. */
  static async as(name: string, browser: Browser, address: string | URL, options: BrowserContextOptions = {}): Promise<Visitor> {
    const visitor = await Visitor.at(browser, address, options);
    await visitor.rename(name);
    return visitor;
  }

  async rename(name: string): Promise<void> {
    await this.page.getByRole("button", { name: /Your name/ }).click();
    await this.page.getByRole("textbox", { name: "Your name" }).fill(name);
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("button", { name: `Your name: ${isolated(name)}` }).waitFor();
  }

  /** Waits until the room has answered, and all of the page is there: keys and menus are loaded after the messages. */
  async connected(): Promise<void> {
    await this.state("connected");
    await this.page.locator(".tools .faces").waitFor({ state: "attached" });
  }

  async state(state: "connected" | "reconnecting" | "offline" | "closed"): Promise<void> {
    // It is seen when it is not well.
    await this.page.locator(`[data-connection=${state}]`).waitFor({ state: "attached" });
    if (state === "connected") await this.page.locator("[role=log][aria-busy=false]").waitFor();
  }

  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  get input(): Locator {
    return this.page.getByRole("textbox", { name: "Message" });
  }

  /** Types a message and sends it with Enter. */
  async say(text: string): Promise<void> {
    await this.input.fill(text);
    await this.input.press("Enter");
  }

  /** Waits until a message with this text is there, and settled. */
  async sees(text: string): Promise<Locator> {
    const article = this.page.locator("article[data-state=sent]", { hasText: text });
    await article.waitFor();
    return article;
  }

  /** Does something with a message: chooses from its menu. */
  async choose(text: string, choice: string): Promise<void> {
    const article = await this.sees(text);
    await article.hover();
    await article.getByRole("button", { name: "Message actions" }).click();
    await this.page.getByRole("menuitem", { name: choice }).click();
  }

  /** Who is here, as the list says, once it says so: "Ada, you, moderator". */
  async seesPeople(...people: string[]): Promise<void> {
    const list = await this.#people();
    await this.page.waitForFunction(
      ([selector, wanted]) => {
        const lines = [...document.querySelectorAll<HTMLElement>(selector ?? "")];
        return lines.map((line) => [...line.children].map((part) => part.textContent).filter(Boolean).join(", ")).join("; ") === wanted;
      },
      ["#people .person", people.join("; ")],
    );
    await this.page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
  }

  /** Does something to somebody: chooses from what the list of people offers. */
  async moderate(name: string, choice: string): Promise<void> {
    const list = await this.#people();
    const person = list.getByRole("listitem").filter({ hasText: name });
    await person.locator("summary").click();
    await person.getByRole("button", { name: choice, exact: true }).click();
  }

  /** Chooses something from the menu of the room. */
  async chooseInMenu(name: string): Promise<void> {
    await this.page.getByRole("button", { name: "Room menu" }).click();
    await this.page.getByRole("navigation", { name: "Room menu" }).getByText(name).click();
  }

  async enterNewRoom(): Promise<void> {
    await this.chooseInMenu("New room");
  }

  async #people(): Promise<Locator> {
    await this.page.getByRole("button", { name: /(person|people) here/ }).click();
    return this.page.getByRole("list", { name: "People" });
  }

  /** Returns the texts of all messages, in their order. */
  texts(): Promise<string[]> {
    return this.page.locator("article .bubble").allInnerTexts();
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}
