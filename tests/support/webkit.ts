// WebKit as Linux distributions have it: the small browser of WebKitGTK, which its WebDriver drives, on a display that
// nobody sees.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Builder, type WebDriver } from "selenium-webdriver";
import { DriverService } from "selenium-webdriver/remote/index.js";
import { type BrowserWindow, PATIENCE_MS, type RunningBrowser, SIZE } from "./browser-window.ts";
import { WebKitWindow } from "./webkit-window.ts";

export class WebKit implements RunningBrowser {
  readonly #driver: string;
  readonly #display: ChildProcess;
  readonly #number: string;
  readonly #windows: (readonly [DriverService, WebDriver])[] = [];

  private constructor(driver: string, display: ChildProcess, number: string) {
    this.#driver = driver;
    this.#display = display;
    this.#number = number;
  }

  /** Starts a display for windows that this program, WebKit's WebDriver, opens. */
  static async launch(driver: string): Promise<WebKit> {
    const screen = ["-screen", "0", `${SIZE.width}x${SIZE.height}x24`];
    const display = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp", ...screen], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    // It prints the number of the display once it serves it.
    const [number] = await once(display.stdout, "data");
    return new WebKit(driver, display, String(number).trim());
  }

  /** Opens a window. Each has a process of the driver, and of the browser, to itself. */
  async window(): Promise<BrowserWindow> {
    const service = new DriverService.Builder(this.#driver)
      .setLoopback(true)
      .setEnvironment({ ...(process.env as Record<string, string>), DISPLAY: `:${this.#number}` })
      .build();
    const address = await service.start(PATIENCE_MS);
    const driver = await new Builder().usingServer(address).forBrowser("MiniBrowser").build();
    this.#windows.push([service, driver]);
    await driver.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS });
    await driver.manage().window().setRect({ x: 0, y: 0, ...SIZE });
    return new WebKitWindow(driver);
  }

  async close(): Promise<void> {
    for (const [service, driver] of this.#windows) {
      await driver.quit();
      await service.kill();
    }
    const gone = once(this.#display, "exit");
    this.#display.kill();
    await gone;
  }
}
