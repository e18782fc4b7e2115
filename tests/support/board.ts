// Pages of the example of a board of questions, in Chromium.

import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";

/** Somebody with a browser profile of their own, on a board. */
export class Person {
  readonly page: Page;
  /** What went wrong in the page: exceptions, and errors on its console. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.faults.push(error.message));
  }

  /** Opens a board in a new browser profile, and takes a name. */
  static async open(browser: Browser, address: URL, name: string, options: BrowserContextOptions = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
    const person = await Person.in(context, address);
    await person.rename(name);
    return person;
  }

  /** Opens a board in another tab of a browser profile. */
  static async in(context: BrowserContext, address: URL): Promise<Person> {
    const person = new Person(await context.newPage());
    await person.page.goto(address.href);
    await person.state("connected");
    return person;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  async state(state: "connected" | "reconnecting" | "offline" | "closed"): Promise<void> {
    await this.page.locator(`[data-connection=${state}]`).waitFor();
  }

  async rename(name: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "Your name" });
    await field.fill(name);
    await field.press("Enter");
  }

  async ask(text: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: "Your question" });
    await field.fill(text);
    await field.press("Enter");
  }

  /** Returns a question, wherever it is on the page. */
  question(text: string): Locator {
    return this.page.getByRole("article", { name: text, exact: true });
  }

  /** Waits for a question that the room has acknowledged, with nothing about it on its way. */
  async sees(text: string): Promise<Locator> {
    const settled = this.page.locator("article[data-state=settled]", { hasText: text });
    await settled.waitFor();
    return settled;
  }

  async upvote(text: string): Promise<void> {
    await this.question(text).getByRole("button", { name: /^Upvote,/ }).click();
  }

  /** Waits until a question has `votes` votes. */
  async seesVotes(text: string, votes: number, own = false): Promise<void> {
    const count = `${votes} ${votes === 1 ? "vote" : "votes"}`;
    const name = own ? `Upvoted, ${count}` : `Upvote, ${count}`;
    await this.question(text).getByRole("button", { name, exact: true, pressed: own }).waitFor();
  }

  /** Returns the texts of the open or the answered questions, in their order. */
  texts(section: "Open" | "Answered"): Promise<string[]> {
    return this.page.getByRole("region", { name: section }).locator(".text").allInnerTexts();
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
