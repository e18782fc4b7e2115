// The TypeScript in the book is right: each block is checked on its own, against `party-client`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PAGES = at("docs/book/src/");

/** Here, `party-client` is found as from any other folder of the checkout. */
const FOLDER = at("target/book-types/");

const SETTINGS = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  },
};

/**
 * Returns the blocks of a page as modules. A comment `<!-- with: .. -->` before a block has a line that the reader does
 * not see.
 */
function blocks(text: string): string[] {
  const found = text.matchAll(/((?:<!-- with: .*? -->\n)*)```ts\n(.*?)```/gs);
  return [...found].map(([, hidden = "", shown = ""]) => {
    const before = hidden.replaceAll(/<!-- with: (.*?) -->/g, "$1");
    return `${before}${shown}\nexport {};\n`;
  });
}

test("the TypeScript in the book has no type errors", () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  let count = 0;
  for (const page of readdirSync(PAGES).filter((name) => name.endsWith(".md"))) {
    for (const [number, block] of blocks(readFileSync(PAGES + page, "utf8")).entries()) {
      writeFileSync(`${FOLDER}${page.replace(".md", "")}-${number + 1}.ts`, block);
      count++;
    }
  }
  assert.ok(count >= 8, `only ${count} blocks were found`);
  writeFileSync(`${FOLDER}tsconfig.json`, JSON.stringify(SETTINGS));
  const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", FOLDER], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
