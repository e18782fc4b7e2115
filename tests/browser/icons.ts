// Makes the icons of the installed page from `public/icon.svg`: `node tests/browser/icons.ts`.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../support/browser.ts";
import { root } from "../support/workerd.ts";

/** The colour of the page, so that the mark stands on it as on a sheet. */
const PAPER = "#faf8f5";

/** The part of an icon that the mark fills: systems cut icons into circles, and nothing of the mark may be lost. */
const MARK = 0.62;

const mark = readFileSync(join(root, "public/icon.svg"), "utf8");
const browser = await launch();
try {
  for (const size of [180, 192, 512]) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const style = `html { background: ${PAPER} } body { display: grid; place-items: center; height: 100vh; margin: 0 } svg { width: ${MARK * 100}vw }`;
    await page.setContent(`<style>${style}</style>${mark}`);
    writeFileSync(join(root, `public/icon-${size}.png`), await page.screenshot());
    await page.close();
  }
} finally {
  await browser.close();
}
