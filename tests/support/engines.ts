// The engines of browsers: Chromium, and those of Firefox and of Safari as far as their programs are on this machine.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { firefox } from "playwright-core";
import { launch } from "./browser.ts";
import { PlaywrightBrowser, type RunningBrowser } from "./browser-window.ts";
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
  return new PlaywrightBrowser(await firefox.launch({ executablePath, channel: "moz-firefox" }));
}

/** Returns a program that a variable names, or that is at its usual place. */
function program(variable: string, usual: string): string | undefined {
  const named = process.env[variable];
  assert.ok(named === undefined || existsSync(named), `no program at ${named}: correct ${variable}`);
  return named ?? (existsSync(usual) ? usual : undefined);
}
