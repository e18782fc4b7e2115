// Makes the package that others install: `node build.ts` writes it to `dist`, or to the folder that is named. Then
// `npm pack ./dist` makes one file of it, and `npm publish ./dist` publishes it. In the checkout the package is its
// TypeScript sources, so that nothing has to be built before a page that uses it.
import { build, type BuildOptions, type Plugin } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] === undefined ? at("dist") : resolve(process.argv[2]);

rmSync(folder, { recursive: true, force: true });

const code: BuildOptions = {
  bundle: true,
  format: "esm",
  target: "es2022",
};
const entry = { ...code, entryPoints: [at("src/index.ts")] };

// The other entries import the one `Room` there is, instead of a second copy of it.
const shared: Plugin = {
  name: "shared",
  setup: ({ onResolve }) => onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: "../index.js", external: true })),
};

await build({ ...entry, outfile: join(folder, "index.js"), sourcemap: true });
await build({
  ...code,
  entryPoints: [at("src/react/index.ts")],
  outfile: join(folder, "react/index.js"),
  sourcemap: true,
  external: ["react"],
  plugins: [shared],
  // For frameworks that render on a server: these hooks belong to the client's components.
  banner: { js: '"use client";' },
});
await build({
  ...code,
  entryPoints: [at("src/upload/index.ts")],
  outfile: join(folder, "upload/index.js"),
  sourcemap: true,
  plugins: [shared],
});

const declarations = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", at("src")];
const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc");
execFileSync(process.execPath, [tsc, "-p", at("tsconfig.json"), ...declarations, "--outDir", folder], { stdio: "inherit" });

// Compilers before TypeScript 5 do not know imports of `.ts`.
for (const path of globSync("**/*.d.ts", { cwd: folder }).map((name) => join(folder, name)))
  writeFileSync(path, readFileSync(path, "utf8").replace(/(from "\.[^"]+)\.ts"/g, '$1.js"'));

// The published package is not private, and exports the built files.
const { private: _, scripts: _scripts, exports: _exports, ...manifest } = JSON.parse(readFileSync(at("package.json"), "utf8"));
const exports = {
  ".": { types: "./index.d.ts", default: "./index.js" },
  "./react": { types: "./react/index.d.ts", default: "./react/index.js" },
  "./upload": { types: "./upload/index.d.ts", default: "./upload/index.js" },
};
const files = ["**/*.js", "**/*.js.map", "**/*.d.ts", "*.md", "LICENSE-*"];
writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...manifest, exports, files }, null, 2)}\n`);
for (const text of ["README.md", "RECIPES.md"]) copyFileSync(at(text), join(folder, text));
for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(at(`../${license}`), join(folder, license));

const { outputFiles } = await build({ ...entry, minify: true, write: false });
const bytes = gzipSync(outputFiles?.[0]?.contents ?? "", { level: 9 }).length;
console.log(`${bytes} bytes without React's hooks, minified and compressed`);
