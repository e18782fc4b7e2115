// An app in React, as a user of the package would make it: in a folder of its own, with the package that npm has
// installed there.

import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { addReact, pack } from "../../party-client/tests/packed.ts";
import { root } from "./workerd.ts";

/** How the app is checked: strictly, and the declarations of its packages with it. */
const TSCONFIG = {
  compilerOptions: {
    target: "es2022",
    lib: ["es2023", "dom", "dom.iterable"],
    module: "esnext",
    moduleResolution: "bundler",
    jsx: "react-jsx",
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ["*.tsx"],
};

export type ReactApp = {
  /** The folder, which wrangler can serve. */
  folder: string;
  remove(): void;
};

/** Makes the project, checks its types, and bundles its page. */
export async function reactApp(): Promise<ReactApp> {
  const packed = pack();
  try {
    const folder = packed.install("app", packed.file);
    await fill(folder);
    return { folder, remove: packed.remove };
  } catch (error) {
    packed.remove();
    throw error;
  }
}

async function fill(folder: string): Promise<void> {
  addReact(folder);
  const copy = (from: string, to: string) => cpSync(join(root, from), join(folder, to), { recursive: true });
  copy("tests/browser/react-app", ".");
  copy("examples/board/client/protocol.ts", "protocol.ts");
  copy("examples/board/build", "build");
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", folder], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  await build({ entryPoints: ["main.tsx"], bundle: true, format: "esm", outdir: "public", absWorkingDir: folder, logLevel: "error" });
}
