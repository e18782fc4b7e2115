// The engines of browsers: Chromium, and those of Firefox and of Safari as far as their programs are on this machine.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { firefox } from "playwright-core";
import { launch } from "./browser.ts";
import { PATIENCE_MS, PlaywrightBrowser, type RunningBrowser } from "./browser-window.ts";
import { WebKit } from "./webkit.ts";

export interface Engine {
  readonly name: string;
  launch(): Promise<RunningBrowser>;
}

/** Returns the engines that are there. `cargo xtask test` installs them, and says which it could not install. */
export function engines(): Engine[] {
  const firefox = program("FIREFOX_BIN", "/usr/bin/firefox-esr");
  const webkit = program("WEBKIT_DRIVER_BIN", "/usr/bin/WebKitWebDriver");
  return [
    { name: "Chromium", launch: async () => new PlaywrightBrowser(await launch()) },
    ...(firefox ? [{ name: "Firefox", launch: () => launchFirefox(firefox) }] : []),
    ...(webkit ? [{ name: "WebKit", launch: () => WebKit.launch(webkit) }] : []),
  ];
}

/** Starts Firefox as it is, which Playwright drives by WebDriver BiDi. */
async function launchFirefox(executablePath: string): Promise<RunningBrowser> {
  return new PlaywrightBrowser(await firefox.launch({ executablePath, channel: "moz-firefox", timeout: PATIENCE_MS }));
}

/** Returns the program that a variable names, or the one at the usual place. Where it is empty, there is none. */
function program(variable: string, usual: string): string {
  const program = process.env[variable] ?? (existsSync(usual) ? usual : "");
  assert.ok(program === "" || existsSync(program), `no program at ${program}: correct ${variable}`);
  return program;
}
