// Makes `dist`, the folder that is published: `node build.ts && npm publish dist`. In the checkout the package is its TypeScript
// sources, so that nothing has to be built before a page that uses it.
import { build, type BuildOptions } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

rmSync(at("dist"), { recursive: true, force: true });

const code: BuildOptions = {
  entryPoints: [at("src/index.ts")],
  bundle: true,
  format: "esm",
  target: "es2022",
};
await build({ ...code, outfile: at("dist/index.js"), sourcemap: true });

const declarations = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", at("src")];
const tsc = fileURLToPath(import.meta.resolve("typescript/package.json")).replace("package.json", "bin/tsc");
execFileSync(process.execPath, [tsc, "-p", at("tsconfig.json"), ...declarations, "--outDir", at("dist")], { stdio: "inherit" });

// What is published is no longer private, and exports what was built.
const { private: _, scripts: _scripts, ...manifest } = JSON.parse(readFileSync(at("package.json"), "utf8")) as Record<string, unknown>;
const exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
writeFileSync(at("dist/package.json"), `${JSON.stringify({ ...manifest, exports }, null, 2)}\n`);
copyFileSync(at("README.md"), at("dist/README.md"));
for (const license of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(at(`../${license}`), at(`dist/${license}`));

const { outputFiles } = await build({ ...code, minify: true, write: false });
const bytes = gzipSync(outputFiles?.[0]?.contents ?? "", { level: 9 }).length;
console.log(`dist: ${bytes} bytes, minified and compressed`);
