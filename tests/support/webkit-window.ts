// A window of WebKit, which its WebDriver drives.

import { error, Key, type WebDriver, type WebElement } from "selenium-webdriver";
import { type BrowserWindow, type Keys, type Named, PATIENCE_MS, type Selected } from "./browser-window.ts";

/** How often a window looks for what it waits for, in milliseconds. */
const POLL_MS = 50;

/** The elements that can have a role. */
const ELEMENTS = {
  button: "button",
  menuitem: "[role=menuitem]",
  menuitemcheckbox: "[role=menuitemcheckbox]",
  textbox: "input, textarea",
};

const KEYS: Record<Keys, string[]> = {
  Enter: [Key.ENTER],
  "Shift+Enter": [Key.SHIFT, Key.ENTER],
  "Control+a": [Key.CONTROL, "a"],
  "Control+x": [Key.CONTROL, "x"],
  "Control+v": [Key.CONTROL, "v"],
};

/** Why a command fails while the page changes: the element is gone, or something is above it. */
const PASSING = [
  error.StaleElementReferenceError,
  error.ElementClickInterceptedError,
  error.ElementNotInteractableError,
];

export class WebKitWindow implements BrowserWindow {
  readonly #driver: WebDriver;

  constructor(driver: WebDriver) {
    this.#driver = driver;
  }

  async open(address: URL): Promise<void> {
    await this.#driver.get(String(address));
    await this.#driver.executeScript(noteFaults);
  }

  async reload(): Promise<void> {
    await this.#driver.navigate().refresh();
    await this.#driver.executeScript(noteFaults);
  }

  sees(target: Named | Selected): Promise<void> {
    return this.#withElement(target, async () => undefined);
  }

  click(target: Named | Selected): Promise<void> {
    return this.#withElement(target, (element) => element.click());
  }

  async type(text: string): Promise<void> {
    await this.#driver.actions().sendKeys(text).perform();
  }

  async press(keys: Keys): Promise<void> {
    const actions = this.#driver.actions();
    for (const key of KEYS[keys]) actions.keyDown(key);
    for (const key of KEYS[keys].toReversed()) actions.keyUp(key);
    await actions.perform();
  }

  async texts(selector: string): Promise<string[]> {
    return this.#driver.executeScript<string[]>(visibleTexts, selector);
  }

  async run(script: () => Promise<void>): Promise<void> {
    await this.#driver.executeScript(script);
  }

  async faults(): Promise<string[]> {
    return this.#driver.executeScript<string[]>("return window.faults");
  }

  /** Does something with an element, once the element is there and this can be done. */
  async #withElement(target: Named | Selected, act: (element: WebElement) => Promise<void>): Promise<void> {
    const attempt = async (): Promise<boolean> => {
      try {
        const element = await this.#find(target);
        if (element) await act(element);
        return element !== undefined;
      } catch (cause) {
        if (PASSING.some((kind) => cause instanceof kind)) return false;
        throw cause;
      }
    };
    await this.#driver.wait(attempt, PATIENCE_MS, `waiting for ${shown(target)}`, POLL_MS);
  }

  async #find(target: Named | Selected): Promise<WebElement | undefined> {
    if ("selector" in target) return (await this.#visible(target.selector, target.text))[0];
    for (const element of await this.#visible(ELEMENTS[target.role], "", target.message)) {
      const name = await element.getAccessibleName();
      const isNamed = typeof target.name === "string" ? name === target.name : target.name.test(name);
      if (isNamed && (await element.getAriaRole()) === target.role) return element;
    }
    return undefined;
  }

  #visible(selector: string, text = "", message = ""): Promise<WebElement[]> {
    return this.#driver.executeScript<WebElement[]>(visibleElements, selector, text, message);
  }
}

/** Returns what a window waits for, for the message of an error. */
function shown(target: Named | Selected): string {
  return Object.values(target).join(" ");
}

/** Runs in the page: keeps the exceptions of the page. */
function noteFaults(): void {
  const faults: string[] = [];
  addEventListener("error", (event) => faults.push(event.message));
  addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
  Object.assign(window, { faults });
}

/** Runs in the page: returns the visible elements with a text, in the messages with a text. */
function visibleElements(selector: string, text: string, message: string): Element[] {
  const has = (element: Element | null, text: string): boolean => text === "" || !!element?.textContent?.includes(text);
  const elements = [...document.querySelectorAll(selector)];
  return elements.filter((it) => it.checkVisibility() && has(it, text) && has(it.closest("article"), message));
}

/** Runs in the page: returns the texts of the visible elements. */
function visibleTexts(selector: string): string[] {
  const elements = [...document.querySelectorAll<HTMLElement>(selector)];
  return elements.filter((it) => it.checkVisibility()).map((it) => it.innerText);
}
